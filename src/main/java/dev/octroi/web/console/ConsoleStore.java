package dev.octroi.web.console;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the console lists. Tenant 0 stands for all tenants, for the operator of the installation. Lists go tenant by
 * tenant through that tenant's index, so that each statement reads a bounded number of rows however many there are.
 */
final class ConsoleStore {
    /** Counts stop here. */
    static final int MAX_COUNTED = 2_000;

    /** Subscriptions, newest first, of those older than an identifier. */
    Future<List<SubscriptionRow>> subscriptions(SqlClient client, int tenantId, long beforeId, int limit) {
        return client.preparedQuery("""
                        WITH newest AS (
                          SELECT t.name AS tenant_name, s.*
                          FROM tenant t
                          CROSS JOIN LATERAL (
                            SELECT x.tenant_id, x.vshard, x.id, x.plan_id, x.plan_version, x.account_id, x.created_at
                            FROM subscription x
                            WHERE x.tenant_id = t.tenant_id AND x.id < $2
                            ORDER BY x.id DESC LIMIT $3::int) s
                          WHERE $1::int = 0 OR t.tenant_id = $1
                          ORDER BY s.id DESC LIMIT $3::int)
                        SELECT n.tenant_id, n.tenant_name, n.id, n.created_at, p.name AS plan_name, a.level,
                          a.down_kbps, a.reason, a.until_at, b.used_bytes, h.last_event_at, a.ended, b.quota_bytes,
                          m.owner_id IS NOT NULL AS is_member,
                          coalesce(d.desired_version, 0) AS desired_version,
                          coalesce(d.confirmed_version, 0) AS confirmed_version
                        FROM newest n
                        JOIN plan p ON p.tenant_id = n.tenant_id AND p.id = n.plan_id AND p.version = n.plan_version
                        JOIN account a ON a.vshard = n.vshard AND a.tenant_id = n.tenant_id AND a.id = n.account_id
                        JOIN account_hot h ON h.vshard = n.vshard AND h.tenant_id = n.tenant_id
                          AND h.account_id = n.account_id
                        CROSS JOIN LATERAL (
                          SELECT CASE WHEN a.left_at IS NULL THEN a.shared_account_id END AS owner_id) m
                        JOIN account_hot v ON v.vshard = n.vshard AND v.tenant_id = n.tenant_id
                          AND v.account_id = coalesce(m.owner_id, a.id)
                        CROSS JOIN LATERAL (
                          SELECT coalesce(sum(k.quota_bytes), 0)::bigint AS quota_bytes,
                            (SELECT coalesce(sum(t), 0)::bigint FROM unnest(v.taken) AS t) AS used_bytes
                          FROM bucket k
                          WHERE k.vshard = n.vshard AND k.tenant_id = n.tenant_id
                            AND k.account_id = v.account_id) b
                        LEFT JOIN policy_state d ON d.vshard = n.vshard AND d.tenant_id = n.tenant_id
                          AND d.account_id = n.account_id
                        ORDER BY n.id DESC LIMIT $3::int
                        """)
                .execute(Tuple.of(tenantId, beforeId, limit))
                .map(ConsoleStore::subscriptionRows);
    }

    /** One subscription. */
    Future<Optional<SubscriptionRow>> subscription(SqlClient client, int tenantId, long id) {
        return client.preparedQuery("""
                        SELECT t.tenant_id, t.name AS tenant_name, s.id, s.created_at, p.name AS plan_name, a.level,
                          a.down_kbps, a.reason, a.until_at, b.used_bytes, h.last_event_at, a.ended, b.quota_bytes,
                          m.owner_id IS NOT NULL AS is_member,
                          coalesce(d.desired_version, 0) AS desired_version,
                          coalesce(d.confirmed_version, 0) AS confirmed_version
                        FROM tenant t
                        JOIN subscription s ON s.tenant_id = t.tenant_id AND s.vshard = $2 AND s.id = $3
                        JOIN plan p ON p.tenant_id = s.tenant_id AND p.id = s.plan_id AND p.version = s.plan_version
                        JOIN account a ON a.vshard = s.vshard AND a.tenant_id = s.tenant_id AND a.id = s.account_id
                        JOIN account_hot h ON h.vshard = s.vshard AND h.tenant_id = s.tenant_id
                          AND h.account_id = s.account_id
                        CROSS JOIN LATERAL (
                          SELECT CASE WHEN a.left_at IS NULL THEN a.shared_account_id END AS owner_id) m
                        JOIN account_hot v ON v.vshard = s.vshard AND v.tenant_id = s.tenant_id
                          AND v.account_id = coalesce(m.owner_id, a.id)
                        CROSS JOIN LATERAL (
                          SELECT coalesce(sum(k.quota_bytes), 0)::bigint AS quota_bytes,
                            (SELECT coalesce(sum(t), 0)::bigint FROM unnest(v.taken) AS t) AS used_bytes
                          FROM bucket k
                          WHERE k.vshard = s.vshard AND k.tenant_id = s.tenant_id
                            AND k.account_id = v.account_id) b
                        LEFT JOIN policy_state d ON d.vshard = s.vshard AND d.tenant_id = s.tenant_id
                          AND d.account_id = s.account_id
                        WHERE $1::int = 0 OR t.tenant_id = $1
                        LIMIT 1
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id))
                .map(rows -> subscriptionRows(rows).stream().findFirst());
    }

    /**
     * The figures on top.
     *
     * @param since callbacks given up after this moment count
     */
    Future<Totals> totals(SqlClient client, int tenantId, Instant since) {
        return client.preparedQuery("""
                        WITH newest AS (
                          SELECT s.tenant_id, s.vshard, s.account_id
                          FROM tenant t
                          CROSS JOIN LATERAL (
                            SELECT x.tenant_id, x.vshard, x.id, x.account_id FROM subscription x
                            WHERE x.tenant_id = t.tenant_id ORDER BY x.id DESC LIMIT $3::int) s
                          WHERE $1::int = 0 OR t.tenant_id = $1
                          ORDER BY s.id DESC LIMIT $3::int),
                        levels AS (
                          SELECT count(*)::int AS subscriptions,
                            count(*) FILTER (WHERE a.level = 'NORMAL')::int AS normal,
                            count(*) FILTER (WHERE a.level IN ('THROTTLED', 'BACKGROUND_BLOCKED'))::int AS slowed,
                            count(*) FILTER (WHERE a.level IN ('SUSPENDED_DATA', 'SUSPENDED_ALL'))::int AS suspended
                          FROM newest n
                          JOIN account a ON a.vshard = n.vshard AND a.tenant_id = n.tenant_id AND a.id = n.account_id)
                        SELECT l.*,
                          (SELECT count(*)::int FROM (
                            SELECT 1 FROM alarm x WHERE x.state = 'open' AND ($1 = 0 OR x.tenant_id = $1)
                            LIMIT $3::int) c) AS open_alarms,
                          (SELECT count(*)::int FROM (
                            SELECT 1 FROM outbox x WHERE x.state = 'pending' AND ($1 = 0 OR x.tenant_id = $1)
                            LIMIT $3::int) c) AS waiting,
                          (SELECT count(*)::int FROM (
                            SELECT 1 FROM outbox x WHERE x.done_at > $2 AND x.state = 'dead'
                              AND ($1 = 0 OR x.tenant_id = $1)
                            LIMIT $3::int) c) AS dead
                        FROM levels l LIMIT 1
                        """)
                .execute(Tuple.of(tenantId, since.atOffset(ZoneOffset.UTC), MAX_COUNTED))
                .map(rows -> totals(rows.iterator().next()));
    }

    /** Callbacks that wait for delivery, oldest first. */
    Future<List<CallbackRow>> waiting(SqlClient client, int tenantId, int limit) {
        return client.preparedQuery("""
                        SELECT t.name AS tenant_name, o.*, e.type AS event_type
                        FROM tenant t
                        CROSS JOIN LATERAL (
                          SELECT x.vshard, x.id, x.stream, x.endpoint_id, x.key, x.version, x.state, x.attempts, x.created_at,
                            x.next_at, x.done_at, x.last_status, x.last_error
                          FROM outbox x
                          WHERE x.tenant_id = t.tenant_id AND x.state = 'pending'
                          ORDER BY x.created_at LIMIT $2::int) o
                        LEFT JOIN event e ON o.stream = 'webhook' AND e.tenant_id = t.tenant_id AND e.vshard = o.vshard
                          AND e.id = o.id
                        WHERE $1::int = 0 OR t.tenant_id = $1
                        ORDER BY o.created_at LIMIT $2::int
                        """).execute(Tuple.of(tenantId, limit)).map(ConsoleStore::callbackRows);
    }

    /** Callbacks that were settled after a moment, one way or the other, latest first. */
    Future<List<CallbackRow>> settled(SqlClient client, int tenantId, Instant since, int limit) {
        return client.preparedQuery("""
                        SELECT t.name AS tenant_name, o.id, o.stream, o.endpoint_id, o.key, o.version, o.state,
                          o.attempts, o.created_at, o.next_at, o.done_at, o.last_status, o.last_error, e.type AS event_type
                        FROM (
                          SELECT * FROM outbox x
                          WHERE x.done_at > $2 AND ($1::int = 0 OR x.tenant_id = $1)
                          ORDER BY x.done_at DESC LIMIT $3::int) o
                        JOIN tenant t ON t.tenant_id = o.tenant_id
                        LEFT JOIN event e ON o.stream = 'webhook' AND e.tenant_id = o.tenant_id AND e.vshard = o.vshard
                          AND e.id = o.id
                        ORDER BY o.done_at DESC LIMIT $3::int
                        """)
                .execute(Tuple.of(tenantId, since.atOffset(ZoneOffset.UTC), limit))
                .map(ConsoleStore::callbackRows);
    }

    /** Policies that the network has not confirmed, oldest first. */
    Future<List<UnconfirmedRow>> unconfirmed(SqlClient client, int tenantId, int limit) {
        return client.preparedQuery("""
                        SELECT t.name AS tenant_name, s.subscription_id, a.level, s.desired_version, s.desired_at,
                          s.sent_version, s.confirmed_version, s.last_error,
                          CASE WHEN s.repaired_version = s.desired_version THEN s.repairs ELSE 0 END AS repairs,
                          CASE WHEN s.escalated_version = s.desired_version THEN s.escalated_at END AS escalated_at
                        FROM (
                          SELECT x.* FROM policy_state x
                          WHERE x.confirmed_version < x.desired_version AND ($1::int = 0 OR x.tenant_id = $1)
                          ORDER BY x.desired_at LIMIT $2::int) s
                        JOIN tenant t ON t.tenant_id = s.tenant_id
                        JOIN account a ON a.vshard = s.vshard AND a.tenant_id = s.tenant_id AND a.id = s.account_id
                        ORDER BY s.desired_at LIMIT $2::int
                        """).execute(Tuple.of(tenantId, limit)).map(rows -> {
            List<UnconfirmedRow> list = new ArrayList<>(rows.size());
            rows.forEach(row -> list.add(new UnconfirmedRow(
                    row.getString("tenant_name"),
                    row.getLong("subscription_id"),
                    row.getString("level"),
                    row.getLong("desired_version"),
                    row.getOffsetDateTime("desired_at").toInstant(),
                    row.getLong("sent_version"),
                    row.getLong("confirmed_version"),
                    row.getInteger("repairs"),
                    instant(row, "escalated_at"),
                    row.getString("last_error"))));
            return list;
        });
    }

    /** How the network's callbacks went that were settled after a moment. */
    Future<CallbackHealth> health(SqlClient client, int tenantId, Instant since) {
        return client.preparedQuery("""
                        SELECT count(*) FILTER (WHERE x.state = 'delivered')::int AS delivered,
                          count(*) FILTER (WHERE x.state = 'dead')::int AS dead,
                          coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY x.ms)
                            FILTER (WHERE x.state = 'delivered'), 0)::bigint AS median_ms,
                          coalesce(percentile_cont(0.95) WITHIN GROUP (ORDER BY x.ms)
                            FILTER (WHERE x.state = 'delivered'), 0)::bigint AS p95_ms
                        FROM (
                          SELECT o.state, (extract(epoch FROM o.done_at - o.created_at) * 1000)::float8 AS ms
                          FROM outbox o
                          WHERE o.done_at > $2 AND o.stream = 'network' AND ($1::int = 0 OR o.tenant_id = $1)
                          ORDER BY o.done_at DESC LIMIT $3::int) x
                        LIMIT 1
                        """)
                .execute(Tuple.of(tenantId, since.atOffset(ZoneOffset.UTC), MAX_COUNTED))
                .map(rows -> health(rows.iterator().next()));
    }

    private static CallbackHealth health(Row row) {
        return new CallbackHealth(
                row.getInteger("delivered"), row.getInteger("dead"), row.getLong("median_ms"), row.getLong("p95_ms"));
    }

    private static Totals totals(Row row) {
        return new Totals(
                row.getInteger("subscriptions"),
                row.getInteger("normal"),
                row.getInteger("slowed"),
                row.getInteger("suspended"),
                row.getInteger("open_alarms"),
                row.getInteger("waiting"),
                row.getInteger("dead"));
    }

    private static List<SubscriptionRow> subscriptionRows(RowSet<Row> rows) {
        List<SubscriptionRow> list = new ArrayList<>(rows.size());
        rows.forEach(row -> list.add(new SubscriptionRow(
                row.getInteger("tenant_id"),
                row.getString("tenant_name"),
                row.getLong("id"),
                row.getString("plan_name"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getString("level"),
                row.getInteger("down_kbps"),
                row.getString("reason"),
                instant(row, "until_at"),
                row.getLong("used_bytes"),
                row.getLong("quota_bytes"),
                row.getBoolean("is_member"),
                instant(row, "last_event_at"),
                row.getBoolean("ended"),
                row.getLong("desired_version"),
                row.getLong("confirmed_version"))));
        return list;
    }

    private static List<CallbackRow> callbackRows(RowSet<Row> rows) {
        List<CallbackRow> list = new ArrayList<>(rows.size());
        rows.forEach(row -> list.add(new CallbackRow(
                row.getString("tenant_name"),
                row.getLong("id"),
                row.getString("stream"),
                row.getLong("endpoint_id"),
                row.getLong("key"),
                row.getString("event_type"),
                row.getLong("version"),
                row.getString("state"),
                row.getInteger("attempts"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("next_at").toInstant(),
                instant(row, "done_at"),
                row.getInteger("last_status"),
                row.getString("last_error"))));
        return list;
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime moment = row.getOffsetDateTime(column);
        return moment == null ? null : moment.toInstant();
    }
}
