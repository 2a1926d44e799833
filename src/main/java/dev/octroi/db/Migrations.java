package dev.octroi.db;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;

/**
 * Brings a database to this version's schema. Blocking; runs once at start, before any listener opens. Several
 * gateways may start at once: Flyway holds a lock, and so does the preparation of the roles.
 */
public final class Migrations {
    private static final long ROLE_LOCK = 0x0C7201;

    private Migrations() {}

    /**
     * Creates the gateway's roles where they are missing, sets their passwords and applies all pending migrations.
     *
     * @throws IllegalStateException when the database cannot be reached or a migration fails
     */
    public static void apply(DatabaseConfig config) {
        requireNonNull(config, "config is null");
        prepareRoles(config);
        Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(config.jdbcUrl(), config.ownerUser(), config.ownerPassword())
                .locations("classpath:db/migration")
                .connectRetries(5)
                .validateMigrationNaming(true)
                .load()
                .migrate();
    }

    private static void prepareRoles(DatabaseConfig config) {
        try (Connection connection =
                        DriverManager.getConnection(config.jdbcUrl(), config.ownerUser(), config.ownerPassword());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(" + ROLE_LOCK + ")");
            for (Role role : Role.values()) {
                statement.execute("""
                        DO $$ BEGIN
                          IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '%1$s') THEN
                            CREATE ROLE %1$s NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
                          END IF;
                        END $$
                        """.formatted(role.sqlName()));
                // The password is 64 hexadecimal digits, so it needs no quoting beyond the quotes.
                statement.execute(
                        "ALTER ROLE %s LOGIN PASSWORD '%s'".formatted(role.sqlName(), config.rolePassword(role)));
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "cannot prepare the database roles at " + config + ": " + e.getMessage(), e);
        }
    }
}
