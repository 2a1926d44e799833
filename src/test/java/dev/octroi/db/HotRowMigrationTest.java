package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.testing.TestDatabase;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;

/** A database that counted before hot rows were split off, migrated by an owner who is no superuser. */
class HotRowMigrationTest {
    private static final String BEFORE = "40?";
    private static final String OWNER = "octroi_migration_owner";
    private static final String PASSWORD = "migration";

    private final DatabaseConfig config = TestDatabase.create();

    @Test
    void accountsKeepTheirSumsAndWhatWasTakenFromEachBucket() throws Exception {
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
        flyway().target(BEFORE).load().migrate();
        TestDatabase.execute(config, """
                INSERT INTO account (vshard, tenant_id, id, subscription_id, opened_at, time_zone, terms, version,
                                     used_bytes, beyond_bytes, day_bytes, day_start)
                VALUES (1, 1, 257, 257, now(), 'UTC', '{}', 42, 700, 30, 11, '2026-11-28T00:00:00Z'),
                       (2, 1, 258, 258, now(), 'UTC', '{}', 0, 0, 0, 0, NULL)
                """, """
                INSERT INTO bucket (vshard, tenant_id, account_id, id, kind, reference, reason, quota_bytes, used_bytes)
                VALUES (1, 1, 257, 2, 'TOP_UP', 't', 't', 900, 200), (1, 1, 257, 1, 'PLAN', 'plan', 'p', 500, 500)
                """);
        flyway().load().migrate();
        assertThat(TestDatabase.rows(config, """
                        SELECT concat_ws('|', account_id, version, used_bytes, beyond_bytes, day_bytes,
                                         to_char(day_start AT TIME ZONE 'UTC', 'DD'), taken)
                        FROM account_hot ORDER BY account_id
                        """))
                .isEqualTo(List.of("257|42|700|30|11|28|{500,200}", "258|0|0|0|0|{}"));
        assertThat(TestDatabase.rows(config, """
                        SELECT relname FROM pg_class WHERE relname IN ('account', 'bucket', 'account_hot')
                          AND relrowsecurity AND relforcerowsecurity ORDER BY relname
                        """)).containsExactly("account", "account_hot", "bucket");
    }

    private FluentConfiguration flyway() {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(config.jdbcUrl(), OWNER, PASSWORD)
                .locations("classpath:db/migration");
    }
}
