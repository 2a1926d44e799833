package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The ledger of an owner who is no superuser and so does not see the rows of the default partition. */
class PartitionMigrationTest {
    @Test
    void rowsOfADayInTheDefaultPartitionKeepNoOtherDayFromGettingItsOwn() throws Exception {
        EarlierDatabase database = new EarlierDatabase(67);
        database.migrate();
        database.execute("""
                INSERT INTO ledger (day, vshard, tenant_id, account_id, source, key, delta_bytes, up_bytes, down_bytes,
                                    event_at, received_at, zone, category, plmn, rat)
                VALUES ('2031-01-02', 1, 1, 257, 's', 'k', 1, 1, 0, '2031-01-02', '2031-01-02', 'FR', 'web', '208-01', 'LTE')
                """);
        assertThat(database.rows("SELECT octroi_ledger_partitions(DATE '2031-01-01', DATE '2031-01-03')"))
                .containsExactly("2");
        assertThat(database.rows("SELECT tableoid::regclass FROM ledger WHERE day = DATE '2031-01-02'"))
                .containsExactly("ledger_default");
    }
}
