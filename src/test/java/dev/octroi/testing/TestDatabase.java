package dev.octroi.testing;

import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.EmbeddedServer;
import dev.octroi.db.Migrations;
import dev.octroi.db.Postmaster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL for tests: a container where a Docker engine answers and the image can be had, else the embedded
 * server. One server for each test JVM; each call of {@link #create()} gives an own, migrated database, cloned from a
 * template in well under a second.
 */
public final class TestDatabase {
    private static final String IMAGE = System.getProperty("octroi.test.postgresImage", "postgres:18");
    private static final String TEMPLATE = "octroi_template";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final int MAX_SERVERS = 8;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private static DatabaseConfig server;
    /** Its lock ends with the JVM. */
    private static FileChannel held;

    private TestDatabase() {}

    /** An empty, migrated database that no other test sees. */
    public static synchronized DatabaseConfig create() {
        if (server == null) {
            server = startServer();
            execute(admin(), "CREATE DATABASE " + TEMPLATE);
            Migrations.apply(named(TEMPLATE));
        }
        String name = "test_" + COUNT.incrementAndGet();
        execute(admin(), "CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
        return named(name);
    }

    /** Runs statements as the owner, who bypasses row-level security: for arranging and for looking behind the scenes. */
    public static void execute(DatabaseConfig config, String... statements) {
        try (Connection connection = connect(config);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A JDBC connection of the owner. */
    public static Connection connect(DatabaseConfig config) throws SQLException {
        return DriverManager.getConnection(config.jdbcUrl(), config.ownerUser(), config.ownerPassword());
    }

    private static DatabaseConfig admin() {
        return named("postgres");
    }

    private static DatabaseConfig named(String database) {
        return new DatabaseConfig(server.host(), server.port(), database, server.ownerUser(), server.ownerPassword());
    }

    private static DatabaseConfig startServer() {
        if (dockerAnswers()) {
            try {
                return startContainer();
            } catch (RuntimeException e) {
                System.err.println("no container of " + IMAGE + " could be started, so the embedded server is used: "
                        + e.getMessage());
            }
        }
        Path folder = ownFolder().toAbsolutePath();
        // Of a JVM that was killed.
        throwAway(folder);
        EmbeddedServer embedded = EmbeddedServer.start(folder, true);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> throwAway(folder)));
        return embedded.config();
    }

    /** Hundreds of databases take a server a minute to write in order, at the expense of the tests that come next. */
    private static void throwAway(Path folder) {
        Postmaster.of(folder).ifPresent(running -> running.abandon(STOP_TIMEOUT));
        for (String each : List.of("secured", "data")) {
            org.assertj.core.util.Files.delete(folder.resolve(each).toFile());
        }
    }

    /** Several test JVMs may run at a time: the first folder that no other of them holds, until this one ends. */
    private static Path ownFolder() {
        for (int number = 1; number <= MAX_SERVERS; number++) {
            Path folder = Path.of("target", "test-postgres-" + number);
            try {
                Files.createDirectories(folder);
                FileChannel channel =
                        FileChannel.open(folder.resolve("in-use"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                if (channel.tryLock() != null) {
                    held = channel;
                    return folder;
                }
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new IllegalStateException("more than " + MAX_SERVERS + " test JVMs hold a server");
    }

    private static DatabaseConfig startContainer() {
        PostgreSQLContainer container = new PostgreSQLContainer(IMAGE);
        // The library switches durability off; what we test must be what we run.
        container.setCommand("postgres", "-c", "fsync=on", "-c", "max_connections=200");
        container.start();
        return new DatabaseConfig(
                container.getHost(),
                container.getMappedPort(5432),
                container.getDatabaseName(),
                container.getUsername(),
                container.getPassword());
    }

    private static boolean dockerAnswers() {
        return !Boolean.getBoolean("octroi.test.embedded")
                && DockerClientFactory.instance().isDockerAvailable();
    }

    /** The first column of what a query finds. */
    public static List<String> rows(DatabaseConfig config, String sql) throws SQLException {
        try (Connection connection = connect(config);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(found.getString(1));
            }
            return rows;
        }
    }
}
