package dev.octroi.privacy;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Removes what identifies or describes a traveller; on connections of the worker role. Large tables give up their rows in pieces,
 * each of which can be done again; what is left then goes in one transaction.
 */
final class ErasureStore {
    /** Rows of a full piece. */
    static final int PIECE = 5_000;

    /** Tables whose rows of an account go, in pieces. */
    static final List<String> LARGE = List.of("usage_hour", "decision", "restriction_log", "account_session");

    /** Those of which an account has few. */
    private static final List<String> SMALL = List.of(
            "restriction",
            "rule_set",
            "policy_state",
            "account_drain",
            "account_timer",
            "charging_session",
            "spending_limit",
            "account_link",
            // Last: of each link that goes a trigger keeps a row.
            "account_link_past");

    private static final List<String> OF_SUBSCRIPTION =
            List.of("alarm", "support_case", "notice_channel", "self_care_link", "network_copy");

    /** A piece of an account's rows of one of {@link #LARGE}. */
    Future<Integer> large(SqlConnection connection, Traveller of, String table) {
        return connection
                .preparedQuery("DELETE FROM " + table + " WHERE ctid = ANY (ARRAY(SELECT ctid FROM " + table
                        + " WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3 LIMIT " + PIECE + "))")
                .execute(account(of))
                .map(rows -> rows.rowCount());
    }

    /**
     * What the ledger says of one month becomes a single row of the same sums: volumes and charges stay, when and where goes. A month is
     * done with when only that row is left.
     *
     * @return how many months that were: 0 when there is no other
     */
    Future<Integer> month(SqlConnection connection, Traveller of) {
        return connection.preparedQuery("""
                        WITH next AS (
                          SELECT date_trunc('month', min(day))::date AS month FROM ledger
                          WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3 AND source <> 'erased'),
                        gone AS (
                          DELETE FROM ledger l USING next n
                          WHERE l.vshard = $1 AND l.tenant_id = $2 AND l.account_id = $3 AND l.day >= n.month
                            AND l.day < (n.month + interval '1 month')::date
                          RETURNING n.month, l.delta_bytes, l.up_bytes, l.down_bytes, l.charged_bytes, l.charged_minor)
                        INSERT INTO ledger (vshard, tenant_id, account_id, day, source, key, delta_bytes, up_bytes, down_bytes,
                                            event_at, received_at, zone, category, plmn, rat, charged_bytes, charged_minor)
                        SELECT $1, $2, $3, month, 'erased', 'month', sum(delta_bytes), sum(up_bytes), sum(down_bytes),
                               month::timestamp AT TIME ZONE 'UTC', month::timestamp AT TIME ZONE 'UTC', '', '', '', '',
                               sum(charged_bytes), sum(charged_minor)
                        FROM gone GROUP BY month
                        """).execute(account(of)).map(rows -> rows.rowCount());
    }

    /** Events keep their place in the feed, where somebody may have read up to, and nothing else. */
    Future<Integer> events(SqlConnection connection, Traveller of) {
        return connection
                .preparedQuery("""
                        UPDATE event SET type = 'event.erased', subject_id = 0, data = '{}'
                        WHERE ctid = ANY (ARRAY(
                          SELECT ctid FROM event
                          WHERE tenant_id = $1 AND vshard = $2 AND subject_id = $3 AND type <> 'subscription.erased'
                          LIMIT $4::int))
                        """)
                .execute(subscription(of).addInteger(PIECE))
                .map(rows -> rows.rowCount());
    }

    /** What was told, or is to be, with the attempts; not that the traveller was forgotten. */
    Future<Integer> told(SqlConnection connection, Traveller of) {
        return connection
                .preparedQuery("""
                        WITH gone AS (
                          DELETE FROM outbox WHERE ctid = ANY (ARRAY(
                            SELECT o.ctid FROM outbox o
                            WHERE o.tenant_id = $1 AND o.vshard = $2 AND o.stream IN ('network', 'webhook') AND o.key = $3
                              AND NOT EXISTS (
                                SELECT 1 FROM event e WHERE e.tenant_id = o.tenant_id AND e.vshard = o.vshard
                                  AND e.id = o.version AND e.type = 'subscription.erased')
                            LIMIT $4::int))
                          RETURNING tenant_id, vshard, id),
                        attempts AS (
                          DELETE FROM delivery d USING gone g
                          WHERE d.tenant_id = g.tenant_id AND d.vshard = g.vshard AND d.outbox_id = g.id)
                        SELECT count(*)::int AS gone FROM gone
                        """)
                .execute(subscription(of).addInteger(PIECE))
                .map(rows -> rows.iterator().next().getInteger("gone"));
    }

    /** Messages that were sent, or are to be. */
    Future<Integer> messages(SqlConnection connection, Traveller of) {
        return connection
                .preparedQuery("""
                        DELETE FROM notice WHERE ctid = ANY (ARRAY(
                          SELECT ctid FROM notice WHERE tenant_id = $1 AND vshard = $2 AND subscription_id = $3
                          LIMIT $4::int))
                        """)
                .execute(subscription(of).addInteger(PIECE))
                .map(rows -> rows.rowCount());
    }

    /** Records of the traveller's SIMs that were set aside, whether anybody knew whose they were or not. */
    Future<Integer> quarantined(SqlConnection connection, Traveller of) {
        return connection
                .preparedQuery("""
                        DELETE FROM quarantine WHERE ctid = ANY (ARRAY(
                          SELECT ctid FROM quarantine WHERE id_hash = ANY ($2) AND tenant_id IN (0, $1) LIMIT $3::int))
                        """)
                .execute(Tuple.of(of.tenantId(), of.sims().toArray(Buffer[]::new), PIECE))
                .map(rows -> rows.rowCount());
    }

    /** All that is left but what the SM-DP+ knows; one transaction, whose last row says that it was done. */
    Future<Void> rest(SqlConnection connection, Traveller of, Instant at) {
        AccountErasureStore rows = new AccountErasureStore();
        return notices(connection, of)
                .compose(done ->
                        delete(connection, SMALL, "vshard = $1 AND tenant_id = $2 AND account_id = $3", account(of)))
                .compose(done -> delete(
                        connection,
                        OF_SUBSCRIPTION,
                        "tenant_id = $1 AND vshard = $2 AND subscription_id = $3",
                        subscription(of)))
                .compose(before -> rows.account(connection, of))
                .compose(before -> rows.sale(connection, of))
                .compose(before -> connection
                        .preparedQuery("""
                                UPDATE subscription SET time_zone = 'UTC', language = 'en', profile_id = id, erased_at = $4
                                WHERE tenant_id = $1 AND vshard = $2 AND id = $3
                                """)
                        .execute(subscription(of).addOffsetDateTime(at.atOffset(ZoneOffset.UTC))))
                .mapEmpty();
    }

    /** The rows of several tables that one condition finds, one table after the other. */
    private static Future<Void> delete(SqlConnection connection, List<String> tables, String where, Tuple values) {
        Future<Void> done = Future.succeededFuture();
        for (String table : tables) {
            done = done.compose(before -> connection
                    .preparedQuery("DELETE FROM " + table + " WHERE " + where)
                    .execute(values)
                    .mapEmpty());
        }
        return done;
    }

    /** Notices to network functions, which go by the numbers of their sessions, and steps told to operators, by profile. */
    private static Future<Void> notices(SqlConnection connection, Traveller of) {
        return connection
                .preparedQuery("""
                        DELETE FROM outbox
                        WHERE tenant_id = $2 AND vshard = $1 AND stream = 'charging' AND key IN (
                          SELECT number FROM charging_session WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3
                          UNION ALL
                          SELECT number FROM spending_limit WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3)
                        """)
                .execute(account(of))
                .compose(done -> connection
                        .preparedQuery("""
                                DELETE FROM outbox o USING unnest($2::bigint[]) AS p (id)
                                WHERE o.tenant_id = $1 AND o.vshard = (p.id & 255)::smallint AND o.stream = 'es2'
                                  AND o.key = p.id
                                """)
                        .execute(Tuple.of(of.tenantId())
                                .addArrayOfLong(of.profiles().toArray(Long[]::new))))
                .mapEmpty();
    }

    static Tuple account(Traveller of) {
        return Tuple.of(Ids.shardOf(of.accountId()), of.tenantId(), of.accountId());
    }

    static Tuple subscription(Traveller of) {
        return Tuple.of(of.tenantId(), Ids.shardOf(of.subscriptionId()), of.subscriptionId());
    }
}
