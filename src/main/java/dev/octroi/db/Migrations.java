package dev.octroi.db;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a database to this version's schema. Blocking; runs once at start, before any listener opens. Several
 * gateways may start at once: Flyway holds a lock, and so does the preparation of the roles.
 */
public final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
    private static final long ROLE_LOCK = 0x0C7201;
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final int LOGIN_SECONDS = 10;
    private static final String NOT_PERMITTED = "42501";
    /** Begins what a server says of a wrong user or password. */
    private static final String REFUSED = "28";

    private static final int LOCK_TIMEOUT_MS = 2_000;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Three minutes. */
    private static final int MAX_ATTEMPTS = 60;

    private Migrations() {}

    /**
     * Creates the gateway's roles where they are missing, sets passwords that do not fit, applies all pending migrations
     * and puts the events of a restored dump in order.
     *
     * @throws IllegalStateException when the database cannot be reached
     * @throws FlywayException when a migration fails, or a table it changes is in use for three minutes
     */
    public static void apply(DatabaseConfig config) {
        requireNonNull(config, "config is null");
        prepareRoles(config);
        migrate(flyway(config));
        RestoredEvents.mend(config);
    }

    /** Whether a database has not all that this version needs; nothing is changed. Blocking. */
    public static boolean arePending(DatabaseConfig config) {
        return flyway(config).load().info().pending().length > 0;
    }

    private static FluentConfiguration flyway(DatabaseConfig config) {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(config.jdbcUrl(), config.ownerUser(), config.ownerPassword())
                .locations("classpath:db/migration")
                .connectRetries(5)
                .validateMigrationNaming(true)
                // Several are written at a time, and their numbers are given before any of them is done.
                .outOfOrder(true)
                // Then a later gateway may have applied one with a lower number than the highest that is known here,
                // and this
                // one has to start beside it, or after it was rolled back.
                .ignoreMigrationPatterns("*:future", "*:missing");
    }

    /**
     * Behind one that waits for a table, such as a migration behind a dump, all wait who want to read it: other gateways would
     * count nothing for as long as the dump takes. So a migration gives way and comes again.
     */
    static void migrate(FluentConfiguration flyway) {
        Flyway migrations = flyway.callbacks(new LockTimeout(LOCK_TIMEOUT_MS)).load();
        for (int attempt = 1; ; attempt++) {
            try {
                migrations.migrate();
                return;
            } catch (FlywayException e) {
                if (attempt == MAX_ATTEMPTS || !isLockTimeout(e)) {
                    throw e;
                }
                LOG.info("a migration waits for a table that others use, attempt {} of {}", attempt, MAX_ATTEMPTS);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static boolean isLockTimeout(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private static void prepareRoles(DatabaseConfig config) {
        try (Connection connection =
                        DriverManager.getConnection(config.jdbcUrl(), config.ownerUser(), config.ownerPassword());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(" + ROLE_LOCK + ")");
            for (Role role : Role.values()) {
                prepare(config, role, statement);
            }
            MessageLanguage.settle(connection);
            connection.commit();
        } catch (SQLException e) {
            String hint = NOT_PERMITTED.equals(e.getSQLState())
                    ? " (database.user has to be a superuser, or to have CREATEROLE and own the database)"
                    : "";
            throw new IllegalStateException(
                    "cannot prepare the database roles at " + config + ": " + e.getMessage() + hint, e);
        }
    }

    /** The password is 64 hexadecimal digits, so it needs no quoting beyond the quotes. */
    private static void prepare(DatabaseConfig config, Role role, Statement statement) throws SQLException {
        String password = config.rolePassword(role);
        boolean exists;
        try (ResultSet found =
                statement.executeQuery("SELECT 1 FROM pg_roles WHERE rolname = '%s'".formatted(role.sqlName()))) {
            exists = found.next();
        }
        if (!exists) {
            statement.execute("CREATE ROLE %s NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE LOGIN PASSWORD '%s'"
                    .formatted(role.sqlName(), password));
        } else if (!logsIn(config, role)) {
            statement.execute("ALTER ROLE %s LOGIN PASSWORD '%s'".formatted(role.sqlName(), password));
            LOG.warn(
                    "the password of the database role {} was set anew: gateways with another database.password cannot"
                            + " connect any more and have to be restarted with this one",
                    role.sqlName());
        }
    }

    /** Other gateways are logged in with the password that there is: it is changed only where it is of no use. */
    private static boolean logsIn(DatabaseConfig config, Role role) throws SQLException {
        try (Connection connection =
                DriverManager.getConnection(config.jdbcUrl(), role.sqlName(), config.rolePassword(role))) {
            return connection.isValid(LOGIN_SECONDS);
        } catch (SQLException e) {
            if (e.getSQLState() != null && e.getSQLState().startsWith(REFUSED)) {
                return false;
            }
            throw e;
        }
    }
}
