package dev.octroi.db;

import static java.util.Objects.requireNonNull;

import com.sun.management.OperatingSystemMXBean;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL 18 server run by the gateway itself, durable, on loopback only, with password authentication.
 *
 * <p>Its port and password are chosen at the first start and kept beside its data. After a crash of the gateway the
 * server lives on; because the port is fixed, the next start adopts it.
 */
public final class EmbeddedServer implements AutoCloseable {
    private static final String DATABASE = "octroi";
    private static final String USER = "postgres";
    private static final String LOG_FILE = "server.log";

    private static final int CONNECTIONS = 100;
    private static final long MIN_CACHE_MB = 128;
    private static final long MAX_CACHE_MB = 4_096;
    /** Half of what a server with a machine of its own is given: the gateway takes a quarter of this one. */
    private static final int CACHE_SHARE = 8;

    /** Also for what has to be recovered after a crash. */
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration STOP_TIMEOUT = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);

    private final Path directory;
    private final EmbeddedPostgres server;
    private final DatabaseConfig config;

    private EmbeddedServer(Path directory, EmbeddedPostgres server, DatabaseConfig config) {
        this.directory = directory;
        this.server = server;
        this.config = config;
    }

    /**
     * Starts the server, or adopts one that still runs on the same data. Blocking, 1 to 4 seconds.
     *
     * @param directory folder for binaries, data, port and password; created when missing
     * @param durable false only in tests that measure what durability is worth
     */
    public static EmbeddedServer start(Path directory, boolean durable) {
        return start(directory, durable, CONNECTIONS);
    }

    /**
     * The same with room for so many connections; a server that still runs keeps what it was started with.
     *
     * @param connections 1 or more, those of superusers among them
     */
    public static EmbeddedServer start(Path directory, boolean durable, int connections) {
        return start(directory, durable, connections, START_TIMEOUT);
    }

    /** The same, given up after that long: a server that ends at once is waited for as well. */
    static EmbeddedServer start(Path directory, boolean durable, int connections, Duration timeout) {
        requireNonNull(directory, "directory is null");
        try {
            Files.createDirectories(directory);
            int port = keptPort(directory);
            String password = keptPassword(directory);
            EmbeddedPostgres server = launch(directory, port, password, durable, connections, timeout);
            EmbeddedServer started = new EmbeddedServer(
                    directory, server, new DatabaseConfig("127.0.0.1", port, DATABASE, USER, password));
            try {
                started.secure();
            } catch (IOException | SQLException | RuntimeException e) {
                // Nobody else could stop it.
                started.close();
                throw e;
            }
            return started;
        } catch (IOException | IllegalStateException e) {
            // The library throws the second kind for what a process of its own could not do, and for want of binaries.
            throw new IllegalStateException(
                    "cannot start the embedded PostgreSQL in " + directory + logIn(directory), e);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot prepare the embedded PostgreSQL in " + directory, e);
        }
    }

    /**
     * Where the server of this directory listens, if it runs already; it then belongs to someone else, who stops it.
     *
     * @param directory as given to {@link #start}
     */
    public static Optional<DatabaseConfig> running(Path directory) {
        try {
            String port = KeptText.read(directory.resolve("port"));
            String password = KeptText.read(directory.resolve("password"));
            if (port.isEmpty() || password.isEmpty()) {
                return Optional.empty();
            }
            DatabaseConfig config = new DatabaseConfig("127.0.0.1", Integer.parseInt(port), DATABASE, USER, password);
            try (Connection answered =
                    DriverManager.getConnection(config.jdbcUrl(), config.ownerUser(), config.ownerPassword())) {
                return answered.isValid(5) ? Optional.of(config) : Optional.empty();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        } catch (SQLException notRunning) {
            return Optional.empty();
        }
    }

    /** Where the server listens. */
    public DatabaseConfig config() {
        return config;
    }

    /**
     * Stops the server in order: open transactions are rolled back, all committed data is on disk. Nothing happens where it has
     * ended by itself.
     */
    @Override
    public void close() {
        Postmaster.of(directory).ifPresent(running -> {
            if (!running.stop(STOP_TIMEOUT)) {
                LOG.warn(
                        "the embedded PostgreSQL is still stopping after {} s and will end by itself",
                        STOP_TIMEOUT.toSeconds());
            }
        });
        try {
            // Its own stop gives up after five seconds, too few for a full cache; now it only lets go of the folder.
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot let go of the embedded PostgreSQL", e);
        }
    }

    private static EmbeddedPostgres launch(
            Path directory, int port, String password, boolean durable, int connections, Duration timeout)
            throws IOException {
        return EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(directory.resolve("bin").toFile())
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(false)
                // The library's own hook would stop the server while requests in hand still need it.
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(timeout)
                .setOutputRedirector(log(directory))
                .setErrorRedirector(log(directory))
                // The library starts with fsync off and commits asynchronous; these come later and win.
                .setServerConfig("fsync", durable ? "on" : "off")
                .setServerConfig("synchronous_commit", durable ? "on" : "off")
                .setServerConfig("full_page_writes", durable ? "on" : "off")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                // Otherwise the shell's language decides how text is ordered, and one that the machine has not stops it
                // all. The
                // server has this one in itself; a cluster keeps what it was made with.
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setServerConfig("password_encryption", "scram-sha-256")
                .setServerConfig("max_connections", Integer.toString(connections))
                .setServerConfig("shared_buffers", (durable ? cacheMegabytes() : MIN_CACHE_MB) + "MB")
                .setServerConfig("checkpoint_timeout", "15min")
                .setServerConfig("max_wal_size", "4GB")
                .setConnectConfig("password", password)
                .start();
    }

    private static ProcessBuilder.Redirect log(Path directory) {
        return ProcessBuilder.Redirect.appendTo(directory.resolve(LOG_FILE).toFile());
    }

    private static String logIn(Path directory) {
        Path file = directory.resolve(LOG_FILE);
        return Files.exists(file) ? " (its log is " + file + ")" : "";
    }

    /**
     * The library initialises with trust authentication: set the password, then ask for it from everyone. Once in the life of
     * the data, and again after a start that was cut short.
     */
    private void secure() throws IOException, SQLException {
        Path secured = directory.resolve("secured");
        if (Files.exists(secured)) {
            return;
        }
        String password = config.ownerPassword();
        String url = "jdbc:postgresql://127.0.0.1:" + config.port() + "/postgres";
        try (Connection connection = DriverManager.getConnection(url, USER, password);
                Statement statement = connection.createStatement()) {
            try (ResultSet found =
                    statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                if (!found.next()) {
                    statement.execute("CREATE DATABASE " + DATABASE);
                }
            }
            statement.execute("ALTER ROLE " + USER + " PASSWORD '" + password + "'");
            Files.writeString(directory.resolve("data/pg_hba.conf"), """
                    host all all 127.0.0.1/32 scram-sha-256
                    host all all ::1/128 scram-sha-256
                    """);
            statement.execute("SELECT pg_reload_conf()");
        }
        Files.createFile(secured);
    }

    private static int keptPort(Path directory) throws IOException {
        Path file = directory.resolve("port");
        String kept = KeptText.read(file);
        if (!kept.isEmpty()) {
            return Integer.parseInt(kept);
        }
        int port = LoopbackPort.free();
        KeptText.write(file, Integer.toString(port));
        return port;
    }

    private static String keptPassword(Path directory) throws IOException {
        Path file = directory.resolve("password");
        String kept = KeptText.read(file);
        if (!kept.isEmpty()) {
            return kept;
        }
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        KeptText.write(file, password);
        return password;
    }

    /** Pages the server keeps: an eighth of the machine's memory, which it takes as it fills them. */
    private static long cacheMegabytes() {
        long megabytes =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() >> 20;
        return Math.clamp(megabytes / CACHE_SHARE, MIN_CACHE_MB, MAX_CACHE_MB);
    }
}
