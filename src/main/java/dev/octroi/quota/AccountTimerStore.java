package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Finds the accounts whose moment has come, and keeps the ledger's partitions ahead of time. */
final class AccountTimerStore {
    /**
     * Claims accounts that are due. Gateways do not wait for each other; a claim that leads to nothing, because its gateway
     * died, falls due again.
     *
     * @param until when the claim ends
     */
    Future<List<AccountKey>> claim(SqlConnection connection, Instant now, Instant until, int limit) {
        return connection
                .preparedQuery("""
                        UPDATE account_timer t SET due_at = $2
                        FROM (SELECT vshard, tenant_id, account_id FROM account_timer
                              WHERE due_at <= $1 ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED) AS due
                        WHERE t.vshard = due.vshard AND t.tenant_id = due.tenant_id AND t.account_id = due.account_id
                        RETURNING t.tenant_id, t.account_id
                        """)
                .execute(Tuple.of(TimeRows.write(now), TimeRows.write(until), limit))
                .map(rows -> {
                    List<AccountKey> keys = new ArrayList<>();
                    for (Row row : rows) {
                        keys.add(new AccountKey(row.getInteger(0), row.getLong(1)));
                    }
                    return keys;
                });
    }

    /** Makes the missing partitions of the ledger for the days from first to last, both included. */
    Future<Integer> makePartitions(SqlConnection connection, LocalDate first, LocalDate last) {
        return connection
                .preparedQuery("SELECT octroi_ledger_partitions($1, $2)")
                .execute(Tuple.of(first, last))
                .map(rows -> rows.iterator().next().getInteger(0));
    }
}
