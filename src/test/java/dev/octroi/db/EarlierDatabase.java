package dev.octroi.db;

import dev.octroi.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** A database as an earlier version of the gateway left it, whose owner is no superuser; and its way to today's. */
final class EarlierDatabase {
    private static final String OWNER = "octroi_migration_owner";
    private static final String PASSWORD = "migration";

    private final DatabaseConfig config = TestDatabase.create();

    /** @param version of the last migration that was there, with all before it */
    EarlierDatabase(int version) {
        TestDatabase.execute(
                config,
                "DROP SCHEMA public CASCADE",
                """
                DO $$ BEGIN
                  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '%1$s') THEN
                    CREATE ROLE %1$s LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '%2$s';
                  END IF;
                END $$
                """.formatted(OWNER, PASSWORD),
                "CREATE SCHEMA public AUTHORIZATION " + OWNER);
        flyway().target(version + "?").load().migrate();
    }

    /** Runs the migrations that it lacks. */
    void migrate() {
        Migrations.migrate(flyway());
    }

    DatabaseConfig config() {
        return config;
    }

    void execute(String... statements) {
        TestDatabase.execute(config, statements);
    }

    /** The first column of what a query finds. */
    List<String> rows(String sql) throws SQLException {
        return TestDatabase.rows(config, sql);
    }

    private FluentConfiguration flyway() {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(config.jdbcUrl(), OWNER, PASSWORD)
                .locations("classpath:db/migration");
    }
}
