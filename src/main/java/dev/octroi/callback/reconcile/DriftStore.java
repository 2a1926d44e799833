package dev.octroi.callback.reconcile;

import dev.octroi.callback.network.PolicyPayload;
import dev.octroi.policy.Level;
import dev.octroi.policy.Speed;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds policies that the network has not confirmed, and keeps what was done about them. */
final class DriftStore {
    /** Policies without confirmation: of any age, and the oldest's time; counts stop at 100,000. */
    record Unconfirmed(
            long fresh, long late, long escalated, @Nullable Instant oldest) {}

    /**
     * Locks policies that are due for a look, the longest left alone first. Those of tenants whose network has nowhere to
     * be called are left out: there is nobody who could confirm.
     *
     * @param always whether there is an address for all tenants in the settings
     * @param before only what was decided, and looked at, before
     */
    Future<List<Drift>> claim(SqlConnection connection, boolean always, Instant before, int limit) {
        return connection
                .preparedQuery("""
                        WITH due AS (
                          SELECT s.* FROM policy_state s
                          WHERE s.confirmed_version < s.desired_version
                            AND greatest(s.desired_at, s.check_after) <= $1::timestamptz
                            AND ($2::boolean OR EXISTS (
                              SELECT 1 FROM partner p
                              WHERE p.kind = 'network' AND (p.callback_url IS NOT NULL OR p.connector IS NOT NULL)
                                AND p.disabled_at IS NULL
                                AND p.tenant_id IN (0, s.tenant_id)))
                          ORDER BY greatest(s.desired_at, s.check_after) LIMIT $3::int
                          FOR UPDATE OF s SKIP LOCKED
                        )
                        SELECT d.tenant_id, d.vshard, d.account_id, d.subscription_id, d.desired_version, d.desired_at,
                               d.sent_version, d.confirmed_version, d.last_error, d.drifted_at,
                               CASE WHEN d.repaired_version = d.desired_version THEN d.repairs ELSE 0 END AS repairs,
                               d.escalated_version = d.desired_version AS escalated,
                               o.id AS outbox_id, o.state AS outbox_state,
                               n.level, n.down_kbps, n.up_kbps, n.reason, n.until_at, n.blocked_categories
                        FROM due d
                        LEFT JOIN outbox o ON o.tenant_id = d.tenant_id AND o.vshard = d.vshard
                          AND o.stream = 'network' AND o.endpoint_id = 0 AND o.key = d.subscription_id
                          AND o.version = d.desired_version
                        LEFT JOIN decision n ON n.vshard = d.vshard AND n.tenant_id = d.tenant_id
                          AND n.account_id = d.account_id AND n.version = d.desired_version
                        LIMIT $3::int
                        """)
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC), always, limit))
                .map(rows -> {
                    List<Drift> drifts = new ArrayList<>(rows.size());
                    rows.forEach(row -> drifts.add(drift(row)));
                    return drifts;
                });
    }

    /** Makes settled rows due again, after what is decided meanwhile; what was lost says so, because the receiver may know the version already. */
    Future<Void> rearm(SqlConnection connection, List<Drift> drifts, Instant now) {
        return connection
                .preparedQuery("""
                        UPDATE outbox o
                        SET state = 'pending', next_at = $4::timestamptz, done_at = NULL, lease_owner = NULL,
                            urgency = CASE WHEN o.payload -> 'level' >= '4' THEN 2 ELSE 3 END,
                            payload = CASE WHEN d.lost THEN o.payload || '{"repair": true}' ELSE o.payload END
                        FROM unnest($1::int[], $2::smallint[], $3::bigint[], $5::boolean[]) AS d (tenant_id, vshard, id, lost)
                        WHERE o.tenant_id = d.tenant_id AND o.vshard = d.vshard AND o.id = d.id
                          AND o.endpoint_id = 0 AND o.state <> 'pending'
                        """)
                .execute(Tuple.of(
                        drifts.stream().map(Drift::tenantId).toArray(Integer[]::new),
                        drifts.stream().map(Drift::vshard).toArray(Short[]::new),
                        drifts.stream().map(Drift::outboxId).toArray(Long[]::new),
                        now.atOffset(ZoneOffset.UTC),
                        drifts.stream().map(drift -> drift.driftedAt() != null).toArray(Boolean[]::new)))
                .mapEmpty();
    }

    /** What was done about a policy. */
    record Looked(Drift drift, boolean repaired, boolean escalated, Instant checkAfter) {}

    Future<Void> looked(SqlConnection connection, List<Looked> looks, Instant now) {
        Tuple parameters = Tuple.of(
                looks.stream().map(look -> look.drift().vshard()).toArray(Short[]::new),
                looks.stream().map(look -> look.drift().tenantId()).toArray(Integer[]::new),
                looks.stream().map(look -> look.drift().accountId()).toArray(Long[]::new),
                looks.stream()
                        .map(look -> look.drift().repairs() + (look.repaired() ? 1 : 0))
                        .toArray(Integer[]::new),
                looks.stream().map(Looked::escalated).toArray(Boolean[]::new),
                looks.stream()
                        .map(look -> look.checkAfter().atOffset(ZoneOffset.UTC))
                        .toArray(OffsetDateTime[]::new));
        parameters.addValue(now.atOffset(ZoneOffset.UTC));
        return connection.preparedQuery("""
                        UPDATE policy_state s
                        SET check_after = l.check_after, repairs = l.repairs, repaired_version = s.desired_version,
                            escalated_version = CASE WHEN l.escalated THEN s.desired_version
                                                     ELSE s.escalated_version END,
                            escalated_at = CASE WHEN l.escalated THEN $7::timestamptz ELSE s.escalated_at END
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::int[], $5::boolean[],
                                    $6::timestamptz[])
                             AS l (vshard, tenant_id, account_id, repairs, escalated, check_after)
                        WHERE s.vshard = l.vshard AND s.tenant_id = l.tenant_id AND s.account_id = l.account_id
                        """).execute(parameters).mapEmpty();
    }

    /** Counts what is not confirmed; {@code late} is what was decided before a moment and not escalated. */
    Future<Unconfirmed> count(Pool pool, Instant before) {
        return pool.preparedQuery("""
                        SELECT count(*) FILTER (WHERE desired_at > $1 AND NOT escalated) AS fresh,
                               count(*) FILTER (WHERE desired_at <= $1 AND NOT escalated) AS late,
                               count(*) FILTER (WHERE escalated) AS escalated,
                               min(desired_at) AS oldest
                        FROM (SELECT desired_at, escalated_version = desired_version AS escalated FROM policy_state
                              WHERE confirmed_version < desired_version
                              ORDER BY greatest(desired_at, check_after) LIMIT 100000) u
                        """)
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC)))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    OffsetDateTime oldest = row.getOffsetDateTime("oldest");
                    return new Unconfirmed(
                            row.getLong("fresh"), row.getLong("late"), row.getLong("escalated"), instant(oldest));
                });
    }

    private static Drift drift(Row row) {
        return new Drift(
                row.getInteger("tenant_id"),
                row.getShort("vshard"),
                row.getLong("account_id"),
                row.getLong("subscription_id"),
                row.getLong("desired_version"),
                row.getOffsetDateTime("desired_at").toInstant(),
                row.getLong("sent_version"),
                row.getLong("confirmed_version"),
                row.getInteger("repairs"),
                row.getBoolean("escalated"),
                instant(row.getOffsetDateTime("drifted_at")),
                row.getLong("outbox_id"),
                row.getString("outbox_state"),
                payload(row),
                row.getString("last_error"));
    }

    private static @Nullable JsonObject payload(Row row) {
        String level = row.getString("level");
        if (level == null) {
            return null;
        }
        Integer down = row.getInteger("down_kbps");
        Integer up = row.getInteger("up_kbps");
        String[] categories = row.getArrayOfStrings("blocked_categories");
        OffsetDateTime until = row.getOffsetDateTime("until_at");
        return PolicyPayload.of(
                Level.valueOf(level),
                down == null || up == null ? null : new Speed(down, up),
                row.getString("reason"),
                categories == null ? List.of() : List.of(categories),
                until == null ? null : until.toInstant());
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
