package dev.octroi.cli.bench;

import dev.octroi.db.DatabaseConfig;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * What charging is held against: a shared bucket of Bucket4j in the same PostgreSQL ({@code SELECT … FOR UPDATE}), called in
 * this process on 16 connections, without HTTP and without anything counted or remembered. Its library is no part of the
 * product, which is not even compiled against it: {@code ./octroi bench} puts it on the class path, and it is called by name.
 */
final class BucketReferenceStore implements AutoCloseable {
    private static final int CONNECTIONS = 16;
    private static final long CAPACITY = 1_000_000_000_000_000L;

    private final List<Connection> connections = new ArrayList<>();
    private final ThreadLocal<Connection> mine;
    private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    private final Object buckets;
    private final Supplier<Object> configuration;

    BucketReferenceStore(DatabaseConfig config) {
        this.mine = ThreadLocal.withInitial(() -> open(config));
        try {
            Object builder = type("postgresql.Bucket4jPostgreSQL")
                    .getMethod("selectForUpdateBasedBuilder", DataSource.class)
                    .invoke(null, source());
            Object mapper =
                    type("distributed.jdbc.PrimaryKeyMapper").getField("LONG").get(null);
            call(builder, "table", "bench_bucket4j");
            call(builder, "idColumn", "id");
            call(builder, "stateColumn", "state");
            call(builder, "primaryKeyMapper", mapper);
            this.buckets = call(builder, "build");
            Object bandwidth = type("Bandwidth").getMethod("builder").invoke(null);
            Object capacity = call(bandwidth, "capacity", CAPACITY);
            Object limit = call(call(capacity, "refillIntervally", CAPACITY, Duration.ofDays(365)), "build");
            Object limits = type("BucketConfiguration").getMethod("builder").invoke(null);
            Object made = call(call(limits, "addLimit", limit), "build");
            this.configuration = () -> made;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("another Bucket4j than the one of the pom", e);
        }
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName("io.github.bucket4j." + name);
    }

    /** Calls the public method of that name whose parameters the arguments fit. */
    private static Object call(Object target, String name, Object... arguments) throws ReflectiveOperationException {
        for (Method method : target.getClass().getMethods()) {
            if (method.getName().equals(name) && !method.isBridge() && fits(method.getParameterTypes(), arguments)) {
                method.setAccessible(true);
                return method.invoke(target, arguments);
            }
        }
        throw new NoSuchMethodException(name);
    }

    private static boolean fits(Class<?>[] types, Object[] arguments) {
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            Class<?> type = types[i] == long.class ? Long.class : types[i];
            if (!type.isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether the library is there. */
    static boolean isAvailable() {
        try {
            type("postgresql.Bucket4jPostgreSQL");
            return true;
        } catch (ClassNotFoundException missing) {
            return false;
        }
    }

    /** Takes so often, from so many buckets in turn. */
    void take(long times, int among, long bytes) throws Exception {
        AtomicLong left = new AtomicLong(times);
        List<Future<?>> takers = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            takers.add(threads.submit(() -> {
                for (long turn = left.getAndDecrement(); turn > 0; turn = left.getAndDecrement()) {
                    Object bucket = call(buckets, "getProxy", turn % among, configuration);
                    if (!Boolean.TRUE.equals(call(bucket, "tryConsume", bytes))) {
                        throw new IllegalStateException("a bucket of the reference is empty");
                    }
                }
                return null;
            }));
        }
        for (Future<?> each : takers) {
            each.get();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        synchronized (connections) {
            connections.forEach(BucketReferenceStore::close);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection open(DatabaseConfig config) {
        try {
            Connection connection =
                    DriverManager.getConnection(config.jdbcUrl(), config.ownerUser(), config.ownerPassword());
            synchronized (connections) {
                connections.add(connection);
            }
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gives each thread its own connection again and again: the cheapest pool there is. */
    private DataSource source() {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "getConnection" -> kept(mine.get());
                    case "getLoginTimeout" -> 0;
                    case "getParentLogger" -> Logger.getGlobal();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /** The connection, which closing leaves open. */
    private static Connection kept(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        connection.setAutoCommit(true);
                        return null;
                    }
                    return method.invoke(connection, arguments);
                });
    }
}
