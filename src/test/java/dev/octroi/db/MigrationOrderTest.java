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
}
