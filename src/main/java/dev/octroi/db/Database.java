package dev.octroi.db;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The connections of the gateway, some for each {@link Role} and event loop. Waiting for a connection is bounded: beyond it
 * callers fail with Vert.x's {@code ConnectionPoolTooBusyException}, which the HTTP layer turns into a 503.
 */
public final class Database {
    private static final int ACQUIRE_TIMEOUT_MS = 5_000;
    private static final int IDLE_TIMEOUT_MS = 30_000;
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    /** The address may lead elsewhere by then; what is in use ends later. */
    private static final int MAX_LIFETIME_MINUTES = 30;

    private static final int MAX_WAITING = 2_000;

    private final Vertx vertx;
    private final PgConnectOptions listening;
    private final LoopPools tenantPools;
    private final LoopPools workerPools;
    private final LoopPools keyedPools;

    /**
     * @param vertx the instance whose event loops carry the connections
     * @param config where the database is
     * @param connections connections per role, 1 to 64, shared out among the event loops
     * @param statementTimeoutMs bound on one statement, in milliseconds
     */
    public Database(Vertx vertx, DatabaseConfig config, int connections, int statementTimeoutMs) {
        this(vertx, config, connections, statementTimeoutMs, ACQUIRE_TIMEOUT_MS, IDLE_TIMEOUT_MS);
    }

    /**
     * @param acquireTimeoutMs how long to wait for a connection that others hold
     * @param idleTimeoutMs after which an unused connection is closed
     */
    Database(
            Vertx vertx,
            DatabaseConfig config,
            int connections,
            int statementTimeoutMs,
            int acquireTimeoutMs,
            int idleTimeoutMs) {
        requireNonNull(vertx, "vertx is null");
        requireNonNull(config, "config is null");
        this.vertx = vertx;
        Limits limits = new Limits(acquireTimeoutMs, idleTimeoutMs, silenceMs(statementTimeoutMs, idleTimeoutMs));
        this.listening = connectOptions(config, Role.WORKER, statementTimeoutMs);
        this.tenantPools = new LoopPools(vertx, connections, each -> {
            return pool(vertx, connectOptions(config, Role.TENANT, statementTimeoutMs), each, limits);
        });
        this.workerPools = new LoopPools(vertx, connections, each -> {
            return pool(vertx, connectOptions(config, Role.WORKER, statementTimeoutMs), each, limits);
        });
        this.keyedPools = new LoopPools(vertx, Connections.KEYED, each -> {
            PgConnectOptions connect = keyed(connectOptions(config, Role.WORKER, statementTimeoutMs));
            return pool(vertx, connect, each, limits);
        });
    }

    /**
     * Runs work in one transaction that sees and writes only the rows of one tenant.
     *
     * @param tenantId the tenant, taken from the caller's credential and never from a request body
     * @param work statements on the connection; a failed future rolls back
     */
    public <T> Future<T> inTenant(int tenantId, Function<SqlConnection, Future<T>> work) {
        return named(tenantPools
                .here()
                .withTransaction(connection -> connection
                        .preparedQuery("""
                        SELECT set_config('app.tenant', $1, true)
                        """)
                        .execute(Tuple.of(Integer.toString(tenantId)))
                        .compose(set -> work.apply(connection))));
    }

    /** Runs work in one transaction of the worker role, which sees all tenants. A failed future rolls back. */
    public <T> Future<T> inWorker(Function<SqlConnection, Future<T>> work) {
        return named(workerPools.here().withTransaction(work));
    }

    /** Runs work on one connection of the worker role that begins and ends its own transactions. */
    public <T> Future<T> onWorker(Function<SqlConnection, Future<T>> work) {
        return named(workerPools.here().withConnection(work));
    }

    /** The pool says "Timeout" with a failure of no kind when no connection became free; callers know by its kind what it is. */
    private static <T> Future<T> named(Future<T> work) {
        return work.recover(failure -> Future.failedFuture(
                "Timeout".equals(failure.getMessage())
                        ? new TimeoutException("no database connection became free in time")
                        : failure));
    }

    /** The worker role's pool of the caller's event loop, for single statements that need no transaction. Not to be kept. */
    public Pool workerPool() {
        return workerPools.here();
    }

    /**
     * Connections of the worker role for statements over arrays of keys, such as those of a {@link Gathering}. A plan is made
     * once and goes by the indexes, whatever the server believes of the size of tables: left alone it would plan anew
     * each time, because of the length of the arrays, and read whole tables where they were small when it looked. Of the
     * caller's event loop, not to be kept.
     */
    public Pool keyedPool() {
        return keyedPools.here();
    }

    /**
     * Hears what is announced on a channel, over a connection of its own that the caller closes.
     *
     * @param channel its name, a plain identifier
     */
    public Announcements announcements(String channel, Announcements.Listener listener) {
        return new Announcements(vertx, listening, channel, listener);
    }

    private static PgConnectOptions keyed(PgConnectOptions options) {
        return options.addProperty("plan_cache_mode", "force_generic_plan")
                .addProperty("enable_seqscan", "off")
                .addProperty("enable_hashjoin", "off")
                .addProperty("enable_mergejoin", "off");
    }

    /** How many connections the server takes from others than superusers. */
    public Future<Integer> room() {
        return workerPools
                .here()
                .query("""
                        SELECT current_setting('max_connections')::int
                            - current_setting('superuser_reserved_connections')::int
                            - current_setting('reserved_connections')::int
                        """)
                .execute()
                .map(rows -> rows.iterator().next().getInteger(0));
    }

    /** Asks the server for a sign of life; fails, too, where it can only be read. */
    public Future<Void> ping() {
        return workerPools
                .here()
                .query("""
                        SELECT current_setting('transaction_read_only')
                        """)
                .execute()
                .compose(rows -> "off".equals(rows.iterator().next().getString(0))
                        ? Future.<Void>succeededFuture()
                        : Future.<Void>failedFuture(new IllegalStateException("the database can only be read")));
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
        config.tls().ifPresent(tls -> tls.applyTo(options));
        return options;
    }

    /** Closes both pools; open transactions are rolled back by the server. */
    public Future<Void> close() {
        return Future.join(tenantPools.close(), workerPools.close(), keyedPools.close())
                .mapEmpty();
    }

    /** @param silenceMs after which a server that says nothing counts as gone */
    private record Limits(int acquireTimeoutMs, int idleTimeoutMs, int silenceMs) {}

    /**
     * The server's own limits are no help where it vanished without a word: what was sent would be waited for until this
     * process ends. A server that lives speaks sooner: a transaction may rest for three times the limit of a statement, then
     * comes a statement, and an unused connection is closed before.
     */
    static int silenceMs(int statementTimeoutMs, int idleTimeoutMs) {
        return idleTimeoutMs + 4 * statementTimeoutMs;
    }

    private static Pool pool(Vertx vertx, PgConnectOptions connect, int connections, Limits limits) {
        PoolOptions options = new PoolOptions()
                .setName(connect.getUser())
                .setMaxSize(connections)
                .setMaxWaitQueueSize(MAX_WAITING)
                .setConnectionTimeout(limits.acquireTimeoutMs())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(limits.idleTimeoutMs())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxLifetime(MAX_LIFETIME_MINUTES)
                .setMaxLifetimeUnit(TimeUnit.MINUTES);
        NetClientOptions net = new NetClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setTcpKeepAlive(true)
                .setReadIdleTimeout(limits.silenceMs())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        return PgBuilder.pool()
                .using(vertx)
                .with(options)
                .with(net)
                .withConnectHandler(new WritableOnly())
                .connectingTo(connect)
                .build();
    }
}
