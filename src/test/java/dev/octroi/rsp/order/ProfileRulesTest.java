package dev.octroi.rsp.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.db.DatabaseConfig;
import dev.octroi.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the database itself refuses in a profile and in its timeline, whoever writes it. */
class ProfileRulesTest {
    private static final String CHECK_VIOLATION = "23514";
    private static final String PROFILE = """
            INSERT INTO profile (tenant_id, vshard, id, profile_type, provider_name, profile_name, iccid_sealed, iccid_idx,
                state, download_limit, confirmation_limit, created_at, updated_at)
            SELECT tenant_id, 1, %d, 'consumer', 'Octroi', 'Travel', '\\x00', decode(md5('%1$d'), 'hex'), '%s', %d, 10,
                now(), now() FROM tenant
            """;

    private static Connection connection;

    @BeforeAll
    static void insertAProfile() throws SQLException {
        DatabaseConfig config = TestDatabase.create();
        TestDatabase.execute(config, "INSERT INTO tenant (slug, name) VALUES ('reseller', 'Reseller')");
        connection = TestDatabase.connect(config);
        connection.setAutoCommit(false);
        run(PROFILE.formatted(1, "released", 10));
        run("""
                INSERT INTO rsp_progress (tenant_id, vshard, profile_id, no, at, step, ok)
                SELECT tenant_id, vshard, id, 1, now(), 'ordered', true FROM profile
                """);
        connection.commit();
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "driver = 'Not A Driver'",
                "profile_type = ''",
                "provider_name = repeat('é', 17)",
                "profile_name = repeat('é', 33)",
                "iccid_idx = '\\x00'",
                "imsi_idx = '\\x00'",
                "matching_idx = '\\x00'",
                "eid_idx = '\\x00'",
                "state = 'lost'",
                "card_state = 'lost'",
                "state = 'error'",
                "error_cause = 'expired'",
                "error_detail = repeat('x', 201)",
                "download_limit = 0",
                "confirmation_limit = 1001",
                "life = 0",
                "failed_installs = -1"
            })
    void aProfileThatBreaksARuleIsRefused(String change) {
        assertRefused("UPDATE profile SET " + change);
    }

    @ParameterizedTest
    @ValueSource(strings = {"message = repeat('x', 401)", "detail = repeat('x', 41)", "actor = repeat('x', 101)"})
    void aStepThatBreaksARuleIsRefused(String change) {
        assertRefused("UPDATE rsp_progress SET " + change);
    }

    @Test
    void theRulesHoldForNewProfilesToo() throws SQLException {
        assertRefused(PROFILE.formatted(2, "lost", 10));
        takeBack();
        assertRefused(PROFILE.formatted(2, "released", 0));
    }

    @Test
    void whatKeepsTheRulesIsWritten() {
        assertThatCode(() -> {
                    run("UPDATE profile SET state = 'error', error_cause = 'expired', card_state = 'enabled'");
                    run("UPDATE rsp_progress SET message = repeat('x', 400)");
                })
                .doesNotThrowAnyException();
    }

    @AfterEach
    void takeBack() throws SQLException {
        connection.rollback();
    }

    private static void assertRefused(String sql) {
        assertThatThrownBy(() -> run(sql))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refused -> assertThat(refused.getSQLState()).isEqualTo(CHECK_VIOLATION));
    }

    private static void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }
}
