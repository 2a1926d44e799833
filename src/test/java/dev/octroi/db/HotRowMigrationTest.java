package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A database that counted before hot rows were split off, migrated by an owner who is no superuser. */
class HotRowMigrationTest {
    @Test
    void accountsKeepTheirSumsAndWhatWasTakenFromEachBucket() throws Exception {
        EarlierDatabase database = new EarlierDatabase(40);
        database.execute("""
                INSERT INTO account (vshard, tenant_id, id, subscription_id, opened_at, time_zone, terms, version,
                                     used_bytes, beyond_bytes, day_bytes, day_start)
                VALUES (1, 1, 257, 257, now(), 'UTC', '{}', 42, 700, 30, 11, '2026-11-28T00:00:00Z'),
                       (2, 1, 258, 258, now(), 'UTC', '{}', 0, 0, 0, 0, NULL)
                """, """
                INSERT INTO bucket (vshard, tenant_id, account_id, id, kind, reference, reason, quota_bytes, used_bytes)
                VALUES (1, 1, 257, 2, 'TOP_UP', 't', 't', 900, 200), (1, 1, 257, 1, 'PLAN', 'plan', 'p', 500, 500)
                """);
        database.migrate();
        assertThat(database.rows("""
                        SELECT concat_ws('|', account_id, version, used_bytes, beyond_bytes, day_bytes,
                                         to_char(day_start AT TIME ZONE 'UTC', 'DD'), taken)
                        FROM account_hot ORDER BY account_id
                        """)).isEqualTo(List.of("257|42|700|30|11|28|{500,200}", "258|0|0|0|0|{}"));
        assertThat(database.rows("""
                        SELECT relname FROM pg_class WHERE relname IN ('account', 'bucket', 'account_hot')
                          AND relrowsecurity AND relforcerowsecurity ORDER BY relname
                        """)).containsExactly("account", "account_hot", "bucket");
    }
}
