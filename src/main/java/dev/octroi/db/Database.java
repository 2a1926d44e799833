package dev.octroi.db;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The two connection pools of the gateway, one for each {@link Role}. Waiting for a connection is bounded: beyond it
 * callers fail with Vert.x's {@code ConnectionPoolTooBusyException}, which the HTTP layer turns into a 503.
 */
public final class Database {
    private static final int ACQUIRE_TIMEOUT_MS = 5_000;
    private static final int MAX_WAITING = 2_000;

    private final Pool tenantPool;
    private final Pool workerPool;

    /**
     * @param vertx the instance whose event loops carry the connections
     * @param config where the database is
     * @param connections connections per pool, 1 to 64
     * @param statementTimeoutMs bound on one statement, in milliseconds
     */
    public Database(Vertx vertx, DatabaseConfig config, int connections, int statementTimeoutMs) {
        this(vertx, config, connections, statementTimeoutMs, ACQUIRE_TIMEOUT_MS);
    }

    /** @param acquireTimeoutMs how long to wait for a connection that others hold */
    Database(Vertx vertx, DatabaseConfig config, int connections, int statementTimeoutMs, int acquireTimeoutMs) {
        requireNonNull(vertx, "vertx is null");
        requireNonNull(config, "config is null");
        this.tenantPool = pool(vertx, config, Role.TENANT, connections, statementTimeoutMs, acquireTimeoutMs);
        this.workerPool = pool(vertx, config, Role.WORKER, connections, statementTimeoutMs, acquireTimeoutMs);
    }

    /**
     * Runs work in one transaction that sees and writes only the rows of one tenant.
     *
     * @param tenantId the tenant, taken from the caller's credential and never from a request body
     * @param work statements on the connection; a failed future rolls back
     */
    public <T> Future<T> inTenant(int tenantId, Function<SqlConnection, Future<T>> work) {
        return named(tenantPool.withTransaction(connection -> connection
                .preparedQuery("""
                        SELECT set_config('app.tenant', $1, true)
                        """)
                .execute(Tuple.of(Integer.toString(tenantId)))
                .compose(set -> work.apply(connection))));
    }

    /** Runs work in one transaction of the worker role, which sees all tenants. A failed future rolls back. */
    public <T> Future<T> inWorker(Function<SqlConnection, Future<T>> work) {
        return named(workerPool.withTransaction(work));
    }

    /** The pool says "Timeout" with a failure of no kind when no connection became free; callers know by its kind what it is. */
    private static <T> Future<T> named(Future<T> work) {
        return work.recover(failure -> Future.failedFuture(
                "Timeout".equals(failure.getMessage())
                        ? new TimeoutException("no database connection became free in time")
                        : failure));
    }

    /** The worker role's pool, for single reads that need no transaction. */
    public Pool workerPool() {
        return workerPool;
    }

    /** Asks the server for a sign of life. */
    public Future<Void> ping() {
        return workerPool.query("""
                        SELECT 1
                        """).execute().mapEmpty();
    }

    /** Connection settings of a role, for a connection outside the pools such as a LISTEN subscriber. */
    public static PgConnectOptions connectOptions(DatabaseConfig config, Role role, int statementTimeoutMs) {
        PgConnectOptions options = new PgConnectOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setDatabase(config.database())
                .setUser(role.sqlName())
                .setPassword(config.rolePassword(role))
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(512)
                .setPreparedStatementCacheSqlLimit(8_192)
                .setPipeliningLimit(16)
                .addProperty("application_name", "octroi")
                .addProperty("statement_timeout", Integer.toString(statementTimeoutMs))
                .addProperty("lock_timeout", Integer.toString(Math.max(1, statementTimeoutMs / 2)))
                .addProperty("idle_in_transaction_session_timeout", Integer.toString(statementTimeoutMs * 3))
                .addProperty("jit", "off");
        if (config.tls()) {
            options.setSslMode(SslMode.VERIFY_FULL)
                    .setSslOptions(new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS"));
        }
        return options;
    }

    /** Closes both pools; open transactions are rolled back by the server. */
    public Future<Void> close() {
        return Future.join(tenantPool.close(), workerPool.close()).mapEmpty();
    }

    private static Pool pool(
            Vertx vertx,
            DatabaseConfig config,
            Role role,
            int connections,
            int statementTimeoutMs,
            int acquireTimeoutMs) {
        PoolOptions options = new PoolOptions()
                .setName(role.sqlName())
                .setMaxSize(connections)
                .setMaxWaitQueueSize(MAX_WAITING)
                .setConnectionTimeout(acquireTimeoutMs)
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
        return PgBuilder.pool()
                .using(vertx)
                .with(options)
                .connectingTo(connectOptions(config, role, statementTimeoutMs))
                .build();
    }
}
