package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.ChargingSession;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Loads accounts: one statement for the rows that each account has, one for each kind of rows that few have. */
public final class AccountLoadStore {
    /**
     * Loads accounts; those that do not exist are left out.
     *
     * @param lock true: also locks them, in one order for all gateways, until the transaction ends
     */
    public Future<Map<AccountKey, AccountState>> load(SqlClient connection, Collection<AccountKey> keys, boolean lock) {
        if (keys.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        List<AccountKey> ordered = keys.stream().sorted(AccountRows.ORDER).toList();
        Future<?> locked = lock ? lock(connection, ordered) : Future.succeededFuture();
        return locked.compose(done -> {
            Future<List<Row>> rows = rows(connection, ordered);
            Future<Map<AccountKey, List<Bucket>>> buckets = buckets(connection, ordered);
            Future<Map<AccountKey, String>> restrictions = restrictions(connection, ordered);
            Future<Map<AccountKey, String>> ruleSets = ruleSets(connection, ordered);
            Future<Map<AccountKey, List<ChargingSession>>> charging = charging(connection, ordered);
            return Future.all(rows, buckets, restrictions, ruleSets, charging).map(all -> {
                Map<AccountKey, AccountState> states = new HashMap<>();
                for (Row row : rows.result()) {
                    AccountKey key = key(row);
                    states.put(
                            key,
                            AccountRows.state(
                                    key,
                                    row,
                                    buckets.result().getOrDefault(key, List.of()),
                                    restrictions.result().getOrDefault(key, "[]"),
                                    ruleSets.result().getOrDefault(key, "[]"),
                                    charging.result().getOrDefault(key, List.of())));
                }
                return states;
            });
        });
    }

    /** Fails with {@link StaleAccountException} when an account is no longer as it is known; at most a batch of them. */
    Future<Void> verify(SqlClient connection, List<AccountState> known) {
        Columns<AccountState> columns = new Columns<>(known, AccountState::key).longs(AccountState::version);
        return connection
                .preparedQuery("""
                        SELECT count(*) AS current
                        FROM account_hot h
                        JOIN unnest($1::smallint[], $2::int[], $3::bigint[], $4::bigint[])
                             AS k (vshard, tenant_id, account_id, version)
                          ON h.vshard = k.vshard AND h.tenant_id = k.tenant_id AND h.account_id = k.account_id
                         AND h.version = k.version
                        """)
                .execute(columns.tuple())
                .compose(rows -> rows.iterator().next().getLong("current") == known.size()
                        ? Future.succeededFuture()
                        : Future.failedFuture(new StaleAccountException()));
    }

    private static Future<Void> lock(SqlClient connection, List<AccountKey> keys) {
        return connection.preparedQuery("""
                        SELECT h.account_id
                        FROM account_hot h
                        JOIN unnest($1::smallint[], $2::int[], $3::bigint[]) AS k (vshard, tenant_id, account_id)
                          ON h.vshard = k.vshard AND h.tenant_id = k.tenant_id AND h.account_id = k.account_id
                        ORDER BY h.account_id, h.tenant_id
                        FOR NO KEY UPDATE OF h
                        """).execute(columns(keys)).mapEmpty();
    }

    private static Future<List<Row>> rows(SqlClient connection, List<AccountKey> keys) {
        return connection.preparedQuery("""
                        SELECT k.tenant_id AS key_tenant, k.account_id AS key_account, a.*, h.version, h.used_bytes,
                               h.beyond_bytes, h.warned_total_bytes, h.hour_start, h.hour_bytes, h.day_start, h.day_bytes,
                               h.week_start, h.week_bytes, h.last_event_at, h.last_received_at, h.taken, h.hours,
                               h.drain_patch, a.rule_counts::text AS rule_counts_text, a.terms::text AS terms_text,
                               d.state AS drain_state
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[]) AS k (vshard, tenant_id, account_id)
                        JOIN account a ON a.vshard = k.vshard AND a.tenant_id = k.tenant_id AND a.id = k.account_id
                        JOIN account_hot h
                          ON h.vshard = k.vshard AND h.tenant_id = k.tenant_id AND h.account_id = k.account_id
                        LEFT JOIN account_drain d
                          ON d.vshard = k.vshard AND d.tenant_id = k.tenant_id AND d.account_id = k.account_id
                        """).execute(columns(keys)).map(rows -> {
            List<Row> list = new ArrayList<>(rows.size());
            rows.forEach(list::add);
            return list;
        });
    }

    private static Future<Map<AccountKey, List<Bucket>>> buckets(SqlClient connection, List<AccountKey> keys) {
        return connection.preparedQuery("""
                        SELECT b.tenant_id, b.account_id, b.id, b.kind, b.reference, b.reason, b.quota_bytes,
                               coalesce(h.taken[b.id], 0) AS used_bytes, b.past_bytes, b.late_bytes, b.expires_at,
                               b.extend_days, b.valid_days, b.zones
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[]) AS k (vshard, tenant_id, account_id)
                        JOIN bucket b
                          ON b.vshard = k.vshard AND b.tenant_id = k.tenant_id AND b.account_id = k.account_id
                        JOIN account_hot h
                          ON h.vshard = k.vshard AND h.tenant_id = k.tenant_id AND h.account_id = k.account_id
                        ORDER BY b.vshard, b.tenant_id, b.account_id, b.id
                        """).execute(columns(keys)).map(rows -> {
            Map<AccountKey, List<Bucket>> found = new HashMap<>();
            rows.forEach(row ->
                    found.computeIfAbsent(key(row), key -> new ArrayList<>()).add(AccountRows.bucket(row)));
            return found;
        });
    }

    private static Future<Map<AccountKey, String>> restrictions(SqlClient connection, List<AccountKey> keys) {
        return json(connection.preparedQuery("""
                        SELECT r.tenant_id, r.account_id, json_agg(r ORDER BY r.from_at, r.id)::text
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[]) AS k (vshard, tenant_id, account_id)
                        JOIN restriction r
                          ON r.vshard = k.vshard AND r.tenant_id = k.tenant_id AND r.account_id = k.account_id
                        GROUP BY r.tenant_id, r.account_id
                        """).execute(columns(keys)));
    }

    private static Future<Map<AccountKey, String>> ruleSets(SqlClient connection, List<AccountKey> keys) {
        return json(connection.preparedQuery("""
                        SELECT r.tenant_id, r.account_id, json_agg(r ORDER BY r.owner)::text
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[]) AS k (vshard, tenant_id, account_id)
                        JOIN rule_set r
                          ON r.vshard = k.vshard AND r.tenant_id = k.tenant_id AND r.account_id = k.account_id
                        GROUP BY r.tenant_id, r.account_id
                        """).execute(columns(keys)));
    }

    private static Future<Map<AccountKey, List<ChargingSession>>> charging(
            SqlClient connection, List<AccountKey> keys) {
        return connection.preparedQuery("""
                        SELECT c.tenant_id, c.account_id, c.number, c.partner_id, c.open, c.bar, c.grants_until,
                               c.touched_at, c.waiting, c.notices, c.notify_to, c.memory, c.promise_ends,
                               c.heard
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[]) AS k (vshard, tenant_id, account_id)
                        JOIN charging_session c
                          ON c.vshard = k.vshard AND c.tenant_id = k.tenant_id AND c.account_id = k.account_id
                        ORDER BY c.vshard, c.tenant_id, c.account_id, c.number
                        """).execute(columns(keys)).map(rows -> {
            Map<AccountKey, List<ChargingSession>> found = new HashMap<>();
            rows.forEach(row ->
                    found.computeIfAbsent(key(row), key -> new ArrayList<>()).add(ChargingRows.read(row)));
            return found;
        });
    }

    private static Future<Map<AccountKey, String>> json(Future<RowSet<Row>> rows) {
        return rows.map(found -> {
            Map<AccountKey, String> json = new HashMap<>();
            found.forEach(row -> json.put(key(row), row.getString(2)));
            return json;
        });
    }

    private static AccountKey key(Row row) {
        return new AccountKey(row.getInteger(0), row.getLong(1));
    }

    private static Tuple columns(List<AccountKey> keys) {
        return new Columns<>(keys, key -> key).tuple();
    }
}
