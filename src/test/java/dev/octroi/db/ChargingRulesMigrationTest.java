package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The rules of a charging session's row, which had none from V61 to V63. */
class ChargingRulesMigrationTest {
    private static final String CHECK_VIOLATION = "23514";

    @Test
    void sessionsStayAndNoneIsWrittenThatBreaksTheRules() throws Exception {
        EarlierDatabase database = new EarlierDatabase(62);
        database.execute(insert(257, 5, 0, "'sealed'", "';;'"), insert(513, -1, 0, "NULL", "';;'"));
        database.migrate();
        assertThat(database.rows("SELECT number FROM charging_session ORDER BY number"))
                .as("what was there, sound or not")
                .containsExactly("257", "513");

        assertRefused(() -> database.execute(insert(769, -1, 0, "NULL", "';;'")));
        assertRefused(() -> database.execute(insert(769, 0, -1, "NULL", "';;'")));
        assertRefused(() -> database.execute(insert(769, 0, 0, "repeat('x', 4001)", "';;'")));
        assertRefused(() -> database.execute(insert(769, 0, 0, "NULL", "repeat('x', 65537)")));
        assertRefused(() ->
                database.execute("UPDATE charging_session SET promised_bytes = -1, memory = ';;' WHERE number = 257"));
        database.execute(
                insert(769, 0, 0, "repeat('x', 4000)", "repeat('x', 65536)"),
                "UPDATE charging_session SET promised_bytes = 0 WHERE number = 513");
        assertThat(database.rows("SELECT promised_bytes FROM charging_session ORDER BY number"))
                .containsExactly("5", "0", "0");
    }

    private static String insert(long number, long promisedBytes, long notices, String notifyTo, String memory) {
        return """
                INSERT INTO charging_session (vshard, tenant_id, account_id, number, partner_id, open, promised_bytes,
                                              grants_until, touched_at, waiting, notices, notify_to, memory)
                VALUES (1, 1, 257, %d, 9, true, %d, now(), now(), false, %d, %s, %s)
                """.formatted(number, promisedBytes, notices, notifyTo, memory);
    }

    private static void assertRefused(ThrowingCallable write) {
        assertThatThrownBy(write)
                .rootCause()
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refused -> assertThat(refused.getSQLState()).isEqualTo(CHECK_VIOLATION));
    }
}
