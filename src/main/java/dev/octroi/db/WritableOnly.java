package dev.octroi.db;

import io.vertx.core.Handler;
import io.vertx.sqlclient.DatabaseException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each new connection whether it may write, and has the server end it if not. After a failover the address may lead to the
 * former primary for a while, which is a standby by then: connections that are in use without pause would stay there for
 * good, and the gateway would answer questions and refuse all that changes something.
 */
final class WritableOnly implements Handler<SqlConnection> {
    private static final Logger log = LoggerFactory.getLogger(WritableOnly.class);

    @Override
    public void handle(SqlConnection connection) {
        connection
                // Its end is looked for here; what it says meanwhile needs no trace in the log.
                .exceptionHandler(said -> log.debug("a new connection said", said))
                .query("""
                        SELECT pg_terminate_backend(pg_backend_pid()) WHERE current_setting('transaction_read_only') = 'on'
                        """)
                .execute()
                .onComplete(ended -> goOn(connection, ended), failure -> goOn(connection, failure));
    }

    /** What the server ends tells its pool by itself; the pool waits for one of both. */
    private static void goOn(SqlConnection connection, RowSet<Row> ended) {
        if (ended.size() == 0) {
            release(connection);
        } else {
            tell();
        }
    }

    private static void goOn(SqlConnection connection, Throwable failure) {
        if (!(failure instanceof DatabaseException said)) {
            return;
        }
        if ("57P01".equals(said.getSqlState())) {
            tell();
        } else {
            release(connection);
        }
    }

    private static void release(SqlConnection connection) {
        connection.close().onFailure(failure -> log.debug("a new connection was not handed on", failure));
    }

    private static void tell() {
        log.warn("the address of the database leads to a server that can only be read; the connection is made again");
    }
}
