package dev.octroi.rsp.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.DatabaseConfig;
import dev.octroi.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which profiles the indexes of stock and protection hold. */
class ProfilePlacesTest {
    private static final String PROFILE = """
            INSERT INTO profile (tenant_id, vshard, id, profile_type, provider_name, profile_name, iccid_sealed, iccid_idx,
                state, download_limit, confirmation_limit, created_at, updated_at, protect, order_no)
            SELECT tenant_id, 1, 1, 'consumer', 'Octroi', 'Travel', '\\x00', decode(md5('1'), 'hex'), 'available', 10, 10,
                now(), now(), true, 1 FROM tenant
            """;

    private static final String IN_PLACES = """
            SELECT in_stock || ' ' || to_protect FROM profile
            """;

    @Test
    void aProfileIsInStockOrWaitsForProtectionAsItsStateSays() throws SQLException {
        DatabaseConfig config = TestDatabase.create();
        TestDatabase.execute(config, "INSERT INTO tenant (slug, name) VALUES ('reseller', 'Reseller')", PROFILE);
        assertThat(TestDatabase.rows(config, IN_PLACES)).isEqualTo(List.of("true false"));

        TestDatabase.execute(config, "UPDATE profile SET state = 'released'");
        assertThat(TestDatabase.rows(config, IN_PLACES)).isEqualTo(List.of("false true"));

        TestDatabase.execute(config, "UPDATE profile SET protected_no = order_no");
        assertThat(TestDatabase.rows(config, IN_PLACES)).isEqualTo(List.of("false false"));
    }

    @Test
    void aChangeByHandIsANewVersionToo() throws SQLException {
        DatabaseConfig config = TestDatabase.create();
        TestDatabase.execute(config, "INSERT INTO tenant (slug, name) VALUES ('reseller', 'Reseller')", PROFILE);

        TestDatabase.execute(config, "UPDATE profile SET expires_at = now()");
        TestDatabase.execute(config, "UPDATE profile SET state = 'released', version = version + 1");
        TestDatabase.execute(config, "UPDATE profile SET updated_at = now()");

        assertThat(TestDatabase.rows(config, "SELECT version::text FROM profile"))
                .isEqualTo(List.of("2"));
    }

    @Test
    void aStepThatChangesTheStateAloneStaysOnItsPage() throws SQLException {
        DatabaseConfig config = TestDatabase.create();

        List<String> columns = TestDatabase.rows(config, """
                SELECT DISTINCT a.attname FROM pg_index i
                JOIN pg_depend d ON d.objid = i.indexrelid AND d.refobjid = i.indrelid AND d.refobjsubid > 0
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = d.refobjsubid
                WHERE i.indrelid = 'profile'::regclass ORDER BY 1
                """);

        assertThat(columns)
                .contains("in_stock", "to_protect")
                .doesNotContain("state", "card_state", "version", "updated_at", "downloads", "last_sequence");
    }
}
