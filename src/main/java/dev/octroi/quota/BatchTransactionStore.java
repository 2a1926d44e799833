package dev.octroi.quota;

import dev.octroi.db.Database;
import dev.octroi.db.Pipelined;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.function.Function;

/**
 * The transaction of a batch. Its beginning is sent together with the first statements, so that a batch whose accounts are
 * known waits for the server twice: for what it writes and for the commit.
 *
 * <p>Tables are read by their indexes whatever the planner believes: it was told how large the ledger of a day is when the
 * day had just begun, and reads all of it for each record from then on until it is told again.
 */
final class BatchTransactionStore {
    private static final String BEGIN = "BEGIN; SET LOCAL enable_seqscan = off";
    /** To plan one of the statements that write takes longer than to run it. */
    private static final String ONE_PLAN = "SET LOCAL plan_cache_mode = force_generic_plan";

    private BatchTransactionStore() {}

    /**
     * Runs work in a transaction of the worker role. A failed future rolls back.
     *
     * @param work statements; those that it sends without waiting are sent together
     */
    static Future<Void> run(Database database, Function<SqlConnection, Future<Void>> work) {
        return run(database, BEGIN, work);
    }

    /** The same for work that only writes: {@link #onePlan} comes with the beginning. */
    static Future<Void> runWithOnePlan(Database database, Function<SqlConnection, Future<Void>> work) {
        return run(database, BEGIN + "; " + ONE_PLAN, work);
    }

    private static Future<Void> run(Database database, String begin, Function<SqlConnection, Future<Void>> work) {
        return database.onWorker(connection -> {
                    Future<?> begun = connection.query(begin).execute();
                    // All of it, or what goes on after a failure would be written outside the transaction.
                    return Pipelined.all(begun, sent(connection, work))
                            .compose(done -> connection.query("COMMIT").execute())
                            // What was sent comes before it, so that nothing of this batch is left on the connection.
                            .recover(failure -> connection
                                    .query("ROLLBACK")
                                    .execute()
                                    .transform(done -> Future.failedFuture(failure)));
                })
                .mapEmpty();
    }

    /** From here on each statement of the transaction has one plan, whatever its arrays hold. */
    static Future<Void> onePlan(SqlConnection connection) {
        return connection.query(ONE_PLAN).execute().mapEmpty();
    }

    private static Future<Void> sent(SqlConnection connection, Function<SqlConnection, Future<Void>> work) {
        try {
            return work.apply(connection);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }
}
