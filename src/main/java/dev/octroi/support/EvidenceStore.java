package dev.octroi.support;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Reads what a case is judged by. The database forms the JSON; every list is bounded. */
final class EvidenceStore {
    /** What was sold, with its label as sold; null when the subscription is not known. */
    Future<JsonObject> sold(SqlClient connection, int tenantId, long subscriptionId) {
        return connection
                .preparedQuery("""
                        SELECT jsonb_build_object(
                            'planVersion', p.version, 'name', p.name, 'label', p.label,
                            'labelHash', 'sha256:' || encode(p.label_hash, 'hex'),
                            'soldAt', s.created_at, 'language', s.language, 'timeZone', s.time_zone) AS sold
                        FROM subscription s
                        JOIN plan p ON p.tenant_id = s.tenant_id AND p.id = s.plan_id AND p.version = s.plan_version
                        WHERE s.tenant_id = $1 AND s.vshard = $2 AND s.id = $3
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId))
                .map(rows -> rows.size() == 0
                        ? new JsonObject()
                        : rows.iterator().next().getJsonObject("sold"));
    }

    /**
     * Counted records of a span around the opening of a case, newest first, in the names of
     * {@link dev.octroi.quota.account.RecordName}: the last 400 up to the opening, which is what it is about, and the first 100 after it.
     * {@code lagSeconds}: how late each came.
     */
    Future<JsonArray> records(
            SqlClient connection, int tenantId, long accountId, Instant from, Instant opened, Instant to) {
        return connection
                .preparedQuery("""
                        WITH around AS (
                          (SELECT * FROM ledger
                           WHERE day BETWEEN $4 AND $5 AND vshard = $1 AND tenant_id = $2 AND account_id = $3
                             AND event_at >= $6 AND event_at < $7 AND event_at <= $8
                           ORDER BY event_at DESC, key LIMIT 400)
                          UNION ALL
                          (SELECT * FROM ledger
                           WHERE day BETWEEN $4 AND $5 AND vshard = $1 AND tenant_id = $2 AND account_id = $3
                             AND event_at >= $6 AND event_at < $7 AND event_at > $8
                           ORDER BY event_at, key LIMIT 100)
                        )
                        SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') AS list FROM (
                          SELECT event_at AS at, received_at AS "receivedAt",
                                 extract(epoch FROM received_at - event_at)::bigint AS "lagSeconds",
                                 source,
                                 encode(substr(sha256(convert_to(source || chr(10) || key, 'UTF8')), 1, 16), 'hex') AS record,
                                 up_bytes AS "upBytes", down_bytes AS "downBytes",
                                 delta_bytes AS "countedBytes", zone, category, plmn AS network, rat
                          FROM around ORDER BY event_at DESC, key) r
                        """)
                .execute(span(tenantId, accountId, from, to).addValue(opened.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.iterator().next().getJsonArray("list"));
    }

    /** How good the records of a span are. */
    Future<JsonObject> quality(SqlClient connection, int tenantId, long accountId, Instant from, Instant to) {
        return connection
                .preparedQuery("""
                        SELECT jsonb_build_object(
                            'records', count(*),
                            'bytes', coalesce(sum(delta_bytes), 0)::bigint,
                            'laterThanAnHour', count(*) FILTER (WHERE received_at - event_at > interval '1 hour'),
                            'longestLagSeconds',
                                coalesce(max(extract(epoch FROM received_at - event_at)), 0)::bigint) AS quality
                        FROM ledger
                        WHERE day BETWEEN $4 AND $5 AND vshard = $1 AND tenant_id = $2 AND account_id = $3
                          AND event_at >= $6 AND event_at < $7
                        """)
                .execute(span(tenantId, accountId, from, to))
                .map(rows -> rows.iterator().next().getJsonObject("quality"));
    }

    /** What the network was told before a moment and what it answered, newest first. */
    Future<JsonArray> callbacks(SqlClient connection, int tenantId, long subscriptionId, Instant before, int limit) {
        return connection
                .preparedQuery("""
                        SELECT coalesce(jsonb_agg(to_jsonb(c)), '[]') AS list FROM (
                          SELECT o.version, o.state, o.attempts, o.payload AS policy, o.created_at AS "decidedAt",
                                 o.first_attempt_at AS "firstAttemptAt", o.last_status AS "lastStatus",
                                 o.last_error AS "lastError",
                                 CASE WHEN o.state = 'delivered' THEN o.done_at END AS "confirmedAt"
                          FROM outbox o
                          WHERE o.tenant_id = $1 AND o.vshard = $2 AND o.stream = 'network' AND o.key = $3
                            AND o.created_at < $4
                          ORDER BY o.version DESC LIMIT $5::int) c
                        """)
                .execute(before(tenantId, subscriptionId, before, limit))
                .map(rows -> rows.iterator().next().getJsonArray("list"));
    }

    /** What happened and was told before a moment, newest first. */
    Future<JsonArray> events(SqlClient connection, int tenantId, long subscriptionId, Instant before, int limit) {
        return connection
                .preparedQuery("""
                        SELECT coalesce(jsonb_agg(to_jsonb(e)), '[]') AS list FROM (
                          SELECT at, type, data FROM event
                          WHERE tenant_id = $1 AND vshard = $2 AND subject_id = $3 AND at < $4
                          ORDER BY at DESC, id DESC LIMIT $5::int) e
                        """)
                .execute(before(tenantId, subscriptionId, before, limit))
                .map(rows -> rows.iterator().next().getJsonArray("list"));
    }

    private static Tuple before(int tenantId, long subscriptionId, Instant before, int limit) {
        return Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId, before.atOffset(ZoneOffset.UTC), limit);
    }

    private static Tuple span(int tenantId, long accountId, Instant from, Instant to) {
        return Tuple.from(new Object[] {
            Ids.shardOf(accountId),
            tenantId,
            accountId,
            LocalDate.ofInstant(from, ZoneOffset.UTC).minusDays(1),
            LocalDate.ofInstant(to, ZoneOffset.UTC).plusDays(1),
            from.atOffset(ZoneOffset.UTC),
            to.atOffset(ZoneOffset.UTC)
        });
    }
}
