package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.testing.TestDatabase;
import org.junit.jupiter.api.Test;

class MigrationOrderTest {
    @Test
    void aMigrationThatCameLaterWithALowerNumberIsAppliedToo() throws Exception {
        DatabaseConfig config = TestDatabase.create();
        TestDatabase.execute(
                config, "DROP TABLE installation", "DELETE FROM flyway_schema_history WHERE version = '84'");
        assertThat(Migrations.arePending(config)).isTrue();
        Migrations.apply(config);
        assertThat(Migrations.arePending(config)).isFalse();
        assertThat(TestDatabase.rows(config, "SELECT to_regclass('installation')::text"))
                .containsExactly("installation");
    }

    @Test
    void gatewayOfBeforeStartsAfterALaterOneHasAppliedAMigrationWithALowerNumber() throws Exception {
        DatabaseConfig config = TestDatabase.create();
        TestDatabase.execute(config, """
                INSERT INTO flyway_schema_history
                       (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
                SELECT max(installed_rank) + 1, '83.5', 'of a later version', 'SQL', 'V83.5__of_a_later_version.sql', 1,
                       current_user, 1, true
                FROM flyway_schema_history
                """);
        Migrations.apply(config);
        assertThat(Migrations.arePending(config)).isFalse();
    }
}
