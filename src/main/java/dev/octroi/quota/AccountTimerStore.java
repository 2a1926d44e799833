package dev.octroi.quota;

import dev.octroi.policy.UsedUp;
import dev.octroi.quota.account.AccountKey;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
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

    /**
     * Has accounts looked at whose data is held back for want of volume although a bucket has some that may be spent where the
     * traveller is; how many those are.
     */
    Future<Integer> wakeHeld(SqlConnection connection, int vshard, Instant now) {
        return connection
                .preparedQuery("""
                        INSERT INTO account_timer (vshard, tenant_id, account_id, due_at)
                        SELECT DISTINCT r.vshard, r.tenant_id, r.account_id, $2::timestamptz
                        FROM restriction r
                        JOIN account a ON a.vshard = r.vshard AND a.tenant_id = r.tenant_id AND a.id = r.account_id
                        JOIN account_hot h
                          ON h.vshard = r.vshard AND h.tenant_id = r.tenant_id AND h.account_id = r.account_id
                        JOIN bucket b
                          ON b.vshard = r.vshard AND b.tenant_id = r.tenant_id AND b.account_id = r.account_id
                        WHERE r.vshard = $1 AND r.id IN ($3, $4) AND b.quota_bytes > coalesce(h.taken[b.id], 0)
                          AND (b.expires_at IS NULL OR b.expires_at > $2)
                          AND (b.zones IS NULL OR cardinality(b.zones) = 0 OR a.tariff_zone = ANY (b.zones))
                          AND (b.kind <> 'ZONE' OR b.reference = a.tariff_zone)
                          AND a.shared_account_id IS NULL
                        ON CONFLICT (vshard, tenant_id, account_id)
                        DO UPDATE SET due_at = least(account_timer.due_at, excluded.due_at)
                        """)
                .execute(Tuple.of((short) vshard, TimeRows.write(now), UsedUp.QUOTA, UsedUp.CHARGES))
                .map(SqlResult::rowCount);
    }

    /** Makes the missing partitions of the ledger for the days from first to last, both included. */
    Future<Integer> makePartitions(SqlConnection connection, LocalDate first, LocalDate last) {
        return connection
                .preparedQuery("SELECT octroi_ledger_partitions($1, $2)")
                .execute(Tuple.of(first, last))
                .map(rows -> rows.iterator().next().getInteger(0));
    }
}
