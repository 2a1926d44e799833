package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Charging sessions that were open when their memory was still JSON, migrated by an owner who is no superuser. */
class ChargingMemoryMigrationTest {
    @Test
    void sessionsKeepTheirPromisesTheirPlaceAndTheirAnswers() throws Exception {
        EarlierDatabase database = new EarlierDatabase(60);
        database.execute("""
                INSERT INTO charging_session (vshard, tenant_id, account_id, number, partner_id, open, promised_bytes,
                                              grants_until, touched_at, waiting, notices, notify_to, details)
                VALUES (1, 1, 257, 257, 9, true, 5, '2026-11-28T10:20:00Z', '2026-11-28T10:00:00Z', true, 3, 'sealed',
                        '{"grants": {"10": 5}, "place": {"plmn": "208-01", "country": "FR", "area": null},
                          "answers": [
                            {"message": "u:2", "at": "2026-11-28T10:00:00.123456Z", "grants": [
                              {"group": 10, "result": "SUCCESS", "bytes": 5, "threshold": 1, "seconds": 900, "final": true},
                              {"group": 7, "result": "QUOTA_LIMIT_REACHED", "bytes": 0, "threshold": 0, "seconds": 0,
                               "final": false}]},
                            {"message": "c:ab", "at": "2026-11-28T09:00:00Z", "grants": []}]}'),
                       (1, 1, 257, 513, 9, false, 0, now(), now(), false, 0, NULL, '{"grants": {}, "answers": []}')
                """);
        database.migrate();
        assertThat(database.rows("""
                        SELECT concat_ws('|', number, partner_id, open, promised_bytes, waiting, notices, notify_to,
                                         to_char(grants_until AT TIME ZONE 'UTC', 'HH24:MI'),
                                         translate(memory, E'\\x1f\\n', ',;'))
                        FROM charging_session ORDER BY number
                        """))
                .isEqualTo(List.of(
                        "257|9|t|5|t|3|sealed|10:20|10,5;208-01,FR;9223372036854775807"
                                + ";u:2,1795860000123456,10,S,5,1,900,1,7,Q,0,0,0,0;c:ab,1795856400000000",
                        "513|9|f|0|f|0|" + database.rows("""
                                SELECT to_char(grants_until AT TIME ZONE 'UTC', 'HH24:MI') FROM charging_session
                                WHERE number = 513
                                """).getFirst() + "|;;9223372036854775807"));
        assertThat(database.rows("""
                        SELECT relname FROM pg_class WHERE relname = 'charging_session'
                          AND relrowsecurity AND relforcerowsecurity
                        """)).hasSize(1);
    }
}
