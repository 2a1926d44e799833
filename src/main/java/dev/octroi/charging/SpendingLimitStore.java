package dev.octroi.charging;

import dev.octroi.policy.Level;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountKey;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Subscriptions to policy counters, always read together with what the counters are derived from. */
final class SpendingLimitStore {
    /** Of an account, that were ended and are not forgotten yet. */
    private static final int MAX_ENDED = 16;

    private static final String STATE = """
            a.level, a.down_kbps, a.up_kbps, CASE a.until_kind WHEN 'moment' THEN a.until_at END AS until_at,
            v.used_bytes AS bucket_used_bytes, v.total_bytes,
            (a.terms->>'warnAtPercent')::int AS warn_at_percent,
            coalesce(a.ends_at, (SELECT o.ends_at FROM account o
             WHERE o.vshard = (a.shared_account_id & 255)::smallint AND o.tenant_id = a.tenant_id
               AND o.id = a.shared_account_id)) AS ends_at""";

    /** The volumes that may be spent where the traveller is: of a zone with a tariff of its own, or for everywhere. */
    private static final String VOLUME = """
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(h.taken[b.id]), 0)::bigint AS used_bytes,
                       coalesce(sum(b.quota_bytes), 0)::bigint AS total_bytes
                FROM bucket b
                JOIN account_hot h
                  ON h.vshard = b.vshard AND h.tenant_id = b.tenant_id AND h.account_id = b.account_id
                WHERE b.vshard = (coalesce(a.shared_account_id, a.id) & 255)::smallint AND b.tenant_id = a.tenant_id
                  AND b.account_id = coalesce(a.shared_account_id, a.id)
                  AND CASE b.kind WHEN 'ZONE' THEN b.reference = a.tariff_zone
                      ELSE b.zones IS NULL OR a.tariff_zone = ANY (b.zones) END) AS v
            """;

    private static final String SUBSCRIPTION = """
            SELECT s.*, %s
            FROM spending_limit s
            JOIN account a ON a.vshard = s.vshard AND a.tenant_id = s.tenant_id AND a.id = s.account_id
            %s""".formatted(STATE, VOLUME);

    /**
     * Locks an account as those do who change it, until the transaction ends: a change that moves its counters is either seen
     * afterwards, or sees what is written before.
     */
    Future<Void> lock(SqlConnection connection, AccountKey key) {
        return connection
                .preparedQuery("""
                        SELECT 1 FROM account_hot WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3 FOR NO KEY UPDATE
                        """)
                .execute(Tuple.of(key.vshard(), key.tenantId(), key.accountId()))
                .mapEmpty();
    }

    /** What the counters of an account are derived from. */
    Future<Optional<CounterState>> state(SqlConnection connection, AccountKey key) {
        return connection
                .preparedQuery("""
                        SELECT %s FROM account a %s WHERE a.vshard = $1 AND a.tenant_id = $2 AND a.id = $3
                        """.formatted(STATE, VOLUME))
                .execute(Tuple.of(key.vshard(), key.tenantId(), key.accountId()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(state(rows.iterator().next())));
    }

    /**
     * Counts the live subscriptions of an account, and removes those that are over. Those that were ended are kept until they
     * expire, the newest of them, because their PCFs may not have heard of it yet.
     */
    Future<Integer> prune(SqlConnection connection, AccountKey key, Instant now) {
        Tuple account = Tuple.of(key.vshard(), key.tenantId(), key.accountId());
        return connection
                .preparedQuery("""
                        DELETE FROM spending_limit
                        WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3
                          AND (expires_at <= $4 OR (ended AND number NOT IN (
                            SELECT number FROM spending_limit
                            WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3 AND ended
                            ORDER BY number DESC LIMIT $5)))
                        """)
                .execute(Tuple.of(key.vshard(), key.tenantId(), key.accountId(), time(now), MAX_ENDED))
                .compose(gone -> connection.preparedQuery("""
                        SELECT count(*) FROM spending_limit
                        WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3 AND NOT ended
                        """).execute(account))
                .map(rows -> rows.iterator().next().getLong(0).intValue());
    }

    /** Removes subscriptions that expired before a moment, of any account, the oldest first; how many those were. */
    Future<Integer> forget(SqlConnection connection, Instant before, int limit) {
        return connection
                .preparedQuery("""
                        DELETE FROM spending_limit WHERE (vshard, tenant_id, account_id, number) IN (
                            SELECT vshard, tenant_id, account_id, number FROM spending_limit
                            WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
                        """)
                .execute(Tuple.of(time(before), limit))
                .map(RowSet::rowCount);
    }

    /** Inserts, or replaces under the same number what the consumer may change. */
    Future<Void> put(
            SqlConnection connection,
            ChargingRef ref,
            long partnerId,
            byte[] context,
            List<PolicyCounter> counters,
            Instant expiresAt,
            String told) {
        return connection
                .preparedQuery("""
                        INSERT INTO spending_limit (vshard, tenant_id, account_id, number, partner_id, context, counters,
                                                    expires_at, told)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                        ON CONFLICT (vshard, tenant_id, account_id, number) DO UPDATE
                        SET context = excluded.context, counters = excluded.counters,
                            expires_at = excluded.expires_at, told = excluded.told
                        """)
                .execute(Tuple.of(
                                ref.account().vshard(),
                                ref.account().tenantId(),
                                ref.account().accountId(),
                                ref.number(),
                                partnerId,
                                Buffer.buffer(context))
                        .addValue(counters.stream().map(PolicyCounter::id).toArray(String[]::new))
                        .addValue(time(expiresAt))
                        .addValue(told))
                .mapEmpty();
    }

    Future<Optional<SpendingSubscription>> find(SqlClient client, ChargingRef ref) {
        return client.preparedQuery(SUBSCRIPTION + """
                        WHERE s.vshard = $1 AND s.tenant_id = $2 AND s.account_id = $3 AND s.number = $4
                        """)
                .execute(Tuple.of(
                        ref.account().vshard(),
                        ref.account().tenantId(),
                        ref.account().accountId(),
                        ref.number()))
                .map(rows -> list(rows).stream().findFirst());
    }

    /** Which live subscription of an account gives way to another one: the oldest of whoever has most. */
    Future<Optional<SpendingSubscription>> dispensable(SqlConnection connection, AccountKey key, Instant now) {
        return connection
                .preparedQuery(SUBSCRIPTION + """
                        WHERE s.vshard = $1 AND s.tenant_id = $2 AND s.account_id = $3 AND s.expires_at > $4 AND NOT s.ended
                        ORDER BY count(*) OVER (PARTITION BY s.partner_id) DESC, s.number LIMIT 1
                        """)
                .execute(Tuple.of(key.vshard(), key.tenantId(), key.accountId(), time(now)))
                .map(rows -> list(rows).stream().findFirst());
    }

    /** The live subscriptions of accounts, as the accounts are in this transaction. */
    Future<List<SpendingSubscription>> ofAccounts(
            SqlConnection connection, Collection<AccountKey> accounts, Instant now) {
        List<AccountKey> keys = List.copyOf(accounts);
        return connection
                .preparedQuery(SUBSCRIPTION + """
                        JOIN unnest($1::smallint[], $2::int[], $3::bigint[]) AS k (vshard, tenant_id, id)
                          ON s.vshard = k.vshard AND s.tenant_id = k.tenant_id AND s.account_id = k.id
                        WHERE s.expires_at > $4 AND NOT s.ended
                        ORDER BY s.vshard, s.tenant_id, s.account_id, s.number
                        """)
                .execute(Tuple.of(
                        keys.stream().map(AccountKey::vshard).toArray(Short[]::new),
                        keys.stream().map(AccountKey::tenantId).toArray(Integer[]::new),
                        keys.stream().map(AccountKey::accountId).toArray(Long[]::new),
                        time(now)))
                .map(SpendingLimitStore::list);
    }

    /** Puts down that something is told: the statuses, one more notice, and whether it was the last. */
    Future<Void> told(SqlConnection connection, List<Told> rows) {
        return connection
                .preparedQuery("""
                        UPDATE spending_limit s
                        SET told = t.told, notices = s.notices + 1, ended = t.ended
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::bigint[], $5::text[], $6::boolean[])
                             AS t (vshard, tenant_id, account_id, number, told, ended)
                        WHERE s.vshard = t.vshard AND s.tenant_id = t.tenant_id AND s.account_id = t.account_id
                          AND s.number = t.number
                        """)
                .execute(Tuple.of(
                        rows.stream().map(row -> row.account().vshard()).toArray(Short[]::new),
                        rows.stream().map(row -> row.account().tenantId()).toArray(Integer[]::new),
                        rows.stream().map(row -> row.account().accountId()).toArray(Long[]::new),
                        rows.stream().map(Told::number).toArray(Long[]::new),
                        rows.stream().map(Told::statuses).toArray(String[]::new),
                        rows.stream().map(Told::ended).toArray(Boolean[]::new)))
                .mapEmpty();
    }

    Future<Boolean> remove(SqlClient client, ChargingRef ref, long partnerId) {
        return client.preparedQuery("""
                        DELETE FROM spending_limit
                        WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3 AND number = $4 AND partner_id = $5
                        """)
                .execute(Tuple.of(
                        ref.account().vshard(),
                        ref.account().tenantId(),
                        ref.account().accountId(),
                        ref.number(),
                        partnerId))
                .map(rows -> rows.rowCount() > 0);
    }

    /** What is told to a subscription. */
    record Told(AccountKey account, long number, String statuses, boolean ended) {}

    private static List<SpendingSubscription> list(RowSet<Row> rows) {
        List<SpendingSubscription> all = new ArrayList<>(rows.size());
        for (Row row : rows) {
            all.add(new SpendingSubscription(
                    new AccountKey(row.getInteger("tenant_id"), row.getLong("account_id")),
                    row.getLong("number"),
                    row.getLong("partner_id"),
                    row.getBuffer("context").getBytes(),
                    Arrays.stream(row.getArrayOfStrings("counters"))
                            .flatMap(id -> PolicyCounter.ofId(id).stream())
                            .toList(),
                    row.getOffsetDateTime("expires_at").toInstant(),
                    row.getString("told"),
                    row.getLong("notices"),
                    row.getBoolean("ended"),
                    state(row)));
        }
        return all;
    }

    private static CounterState state(Row row) {
        Integer down = row.getInteger("down_kbps");
        Integer up = row.getInteger("up_kbps");
        return new CounterState(
                Level.valueOf(row.getString("level")),
                down == null || up == null ? null : new Speed(down, up),
                instant(row, "until_at"),
                row.getLong("bucket_used_bytes"),
                row.getLong("total_bytes"),
                row.getInteger("warn_at_percent"),
                instant(row, "ends_at"));
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
