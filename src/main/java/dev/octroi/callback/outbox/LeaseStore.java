package dev.octroi.callback.outbox;

import dev.octroi.callback.connector.Connector;
import dev.octroi.db.ArrayColumns;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes heads for sending, with all that is needed to send them, and keeps what was taken. */
final class LeaseStore {
    /** Takes the heads; for the network the newest row of the key instead, and what is older has been overtaken. */
    Future<List<ClaimedRow>> lease(
            SqlConnection connection, long owner, List<HeadStore.Head> heads, Instant now, Instant leaseUntil) {
        if (heads.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        Tuple parameters = HeadStore.keys(heads);
        parameters.addValue(owner);
        parameters.addValue(now.atOffset(ZoneOffset.UTC));
        parameters.addValue(leaseUntil.atOffset(ZoneOffset.UTC));
        return connection
                .preparedQuery("""
                        WITH target AS (
                          SELECT h.tenant_id, h.vshard, h.stream, h.endpoint_id, h.key,
                                 CASE WHEN h.stream = 'network' THEN (
                                   SELECT max(o.version) FROM outbox o
                                   WHERE o.state = 'pending' AND o.tenant_id = h.tenant_id AND o.vshard = h.vshard
                                     AND o.stream = h.stream AND o.endpoint_id = h.endpoint_id AND o.key = h.key)
                                 ELSE h.version END AS version
                          FROM unnest($1::int[], $2::smallint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
                               AS h (tenant_id, vshard, stream, endpoint_id, key, version)
                        ), superseded AS (
                          UPDATE outbox o SET state = 'superseded', done_at = $8::timestamptz, lease_owner = NULL
                          FROM target t
                          WHERE o.state = 'pending' AND o.stream = t.stream AND t.stream = 'network'
                            AND o.tenant_id = t.tenant_id AND o.vshard = t.vshard AND o.endpoint_id = t.endpoint_id
                            AND o.key = t.key AND o.version < t.version
                        ), leased AS (
                          UPDATE outbox o
                          SET lease_owner = $7::bigint, next_at = $9::timestamptz, attempts = o.attempts + 1,
                              first_attempt_at = coalesce(o.first_attempt_at, $8::timestamptz)
                          FROM target t
                          WHERE o.state = 'pending' AND o.tenant_id = t.tenant_id AND o.vshard = t.vshard
                            AND o.stream = t.stream AND o.endpoint_id = t.endpoint_id AND o.key = t.key
                            AND o.version = t.version
                          RETURNING o.*
                        )
                        SELECT l.tenant_id, l.vshard, l.id, l.stream, l.endpoint_id, l.key, l.version, l.payload,
                               coalesce((SELECT told_version_base FROM installation), 0) AS version_base,
                               l.created_at, l.urgency, l.attempts, e.type AS event_type, e.data AS event_data, e.at AS event_at,
                               w.url, w.signature, w.secret_sealed,
                               CASE WHEN w.previous_until > $8 THEN w.previous_sealed END AS previous_sealed,
                               p.tenant_id AS partner_tenant, p.id AS partner_id, p.callback_url, p.connector,
                               p.connector_secret, p.notification_points
                        FROM leased l
                        LEFT JOIN LATERAL (
                          SELECT p.* FROM partner p
                          WHERE l.stream <> 'webhook' AND p.disabled_at IS NULL
                            AND (p.callback_url IS NOT NULL OR p.connector IS NOT NULL OR l.stream = 'es2')
                            AND p.kind = CASE l.stream WHEN 'network' THEN 'network' ELSE 'sm-dp' END
                            AND p.tenant_id IN (0, l.tenant_id) AND (l.endpoint_id = 0 OR p.id = l.endpoint_id)
                          ORDER BY p.callback_url IS NULL AND p.connector IS NULL, p.tenant_id DESC, p.created_at DESC, p.id DESC LIMIT 1) p
                          ON true
                        LEFT JOIN event e ON l.stream = 'webhook' AND e.tenant_id = l.tenant_id
                          AND e.vshard = l.vshard AND e.id = l.id
                        LEFT JOIN webhook_endpoint w ON l.stream = 'webhook' AND w.tenant_id = l.tenant_id
                          AND w.vshard = (l.endpoint_id & 255)::smallint AND w.id = l.endpoint_id
                          AND (w.state = 'active' OR e.type = 'webhook.test')
                        ORDER BY l.created_at, l.id
                        """)
                .execute(parameters)
                .map(rows -> ArrayColumns.list(rows, LeaseStore::claimed));
    }

    /** Gives rows back that were not sent: it was no attempt, and they are due when it is worth asking again. */
    Future<Void> release(SqlConnection connection, long owner, List<ClaimedRow.Held> held) {
        List<ClaimedRow> rows = held.stream().map(ClaimedRow.Held::row).toList();
        return lazily(connection)
                .compose(set -> connection
                        .preparedQuery("""
                        UPDATE outbox o SET lease_owner = NULL, next_at = r.until, attempts = o.attempts - 1,
                            first_attempt_at = CASE WHEN o.attempts > 1 THEN o.first_attempt_at END
                        FROM unnest($1::int[], $2::smallint[], $3::bigint[], $4::bigint[], $5::timestamptz[])
                             AS r (tenant_id, vshard, id, endpoint_id, until)
                        WHERE o.state = 'pending' AND o.lease_owner = $6::bigint AND o.tenant_id = r.tenant_id
                          AND o.vshard = r.vshard AND o.id = r.id AND o.endpoint_id = r.endpoint_id
                        """)
                        .execute(Tuple.of(
                                ArrayColumns.column(rows, ClaimedRow::tenantId, Integer[]::new),
                                ArrayColumns.column(rows, ClaimedRow::vshard, Short[]::new),
                                ArrayColumns.column(rows, ClaimedRow::id, Long[]::new),
                                ArrayColumns.column(rows, ClaimedRow::endpointId, Long[]::new),
                                ArrayColumns.column(
                                        held, row -> row.until().atOffset(ZoneOffset.UTC), OffsetDateTime[]::new),
                                owner))
                        .mapEmpty());
    }

    /** Keeps the leases of rows that are still being sent; a row that is being put down right now needs none. */
    Future<Void> renew(SqlConnection connection, long owner, List<ClaimedRow> rows, Instant leaseUntil) {
        return lazily(connection)
                .compose(set -> connection
                        .preparedQuery("""
                        WITH held AS (
                          SELECT o.tenant_id, o.vshard, o.id, o.endpoint_id
                          FROM outbox o
                          JOIN unnest($1::int[], $2::smallint[], $3::bigint[], $4::bigint[])
                               AS r (tenant_id, vshard, id, endpoint_id)
                            ON o.tenant_id = r.tenant_id AND o.vshard = r.vshard AND o.id = r.id
                           AND o.endpoint_id = r.endpoint_id
                          WHERE o.state = 'pending' AND o.lease_owner = $5::bigint
                          FOR UPDATE OF o SKIP LOCKED
                        )
                        UPDATE outbox o SET next_at = $6::timestamptz
                        FROM held h
                        WHERE o.tenant_id = h.tenant_id AND o.vshard = h.vshard AND o.id = h.id
                          AND o.endpoint_id = h.endpoint_id
                        """)
                        .execute(Tuple.of(
                                ArrayColumns.column(rows, ClaimedRow::tenantId, Integer[]::new),
                                ArrayColumns.column(rows, ClaimedRow::vshard, Short[]::new),
                                ArrayColumns.column(rows, ClaimedRow::id, Long[]::new),
                                ArrayColumns.column(rows, ClaimedRow::endpointId, Long[]::new),
                                owner,
                                leaseUntil.atOffset(ZoneOffset.UTC)))
                        .mapEmpty());
    }

    /**
     * A lease that a crash of the database forgets is no loss, so nobody waits for the disk to keep it. And one plan does
     * for all looks at the table: to plan such a statement takes longer than to run it.
     */
    static Future<Void> lazily(SqlConnection connection) {
        return connection
                .preparedQuery("SELECT set_config('synchronous_commit', 'off', true),"
                        + " set_config('plan_cache_mode', 'force_generic_plan', true)")
                .execute()
                .mapEmpty();
    }

    /**
     * The same for a look at what is due. Where the server knows of a backlog nothing yet, to sort it seems as good as to read it in the
     * order of an index; the plan stays when there are a million rows.
     */
    static Future<Void> looking(SqlConnection connection) {
        return connection
                .preparedQuery("SELECT set_config('synchronous_commit', 'off', true),"
                        + " set_config('plan_cache_mode', 'force_generic_plan', true),"
                        + " set_config('enable_sort', 'off', true)")
                .execute()
                .mapEmpty();
    }

    private static ClaimedRow claimed(Row row) {
        String url = row.getString("url");
        OffsetDateTime eventAt = row.getOffsetDateTime("event_at");
        int attempts = row.getInteger("attempts");
        return new ClaimedRow(
                row.getInteger("tenant_id"),
                row.getShort("vshard"),
                row.getLong("id"),
                Stream.ofSql(row.getString("stream")),
                row.getLong("endpoint_id"),
                row.getLong("key"),
                row.getLong("version"),
                row.getLong("version_base"),
                row.getJsonObject("payload"),
                row.getOffsetDateTime("created_at").toInstant(),
                Urgency.ofNumber(row.getShort("urgency")),
                attempts,
                attempts == 1,
                row.getString("event_type"),
                row.getJsonObject("event_data"),
                eventAt == null ? null : eventAt.toInstant(),
                partner(row),
                row.getJsonObject("notification_points"),
                url == null
                        ? null
                        : new ClaimedRow.WebhookTarget(
                                url,
                                row.getString("signature").equals("v1"),
                                row.getBuffer("secret_sealed").getBytes(),
                                row.getBuffer("previous_sealed") == null
                                        ? null
                                        : row.getBuffer("previous_sealed").getBytes()));
    }

    private static ClaimedRow.@Nullable Partner partner(Row row) {
        Long id = row.getLong("partner_id");
        if (id == null) {
            return null;
        }
        String url = row.getString("callback_url");
        JsonObject connector = row.getJsonObject("connector");
        Buffer secret = row.getBuffer("connector_secret");
        return new ClaimedRow.Partner(
                row.getInteger("partner_tenant"),
                id,
                url,
                Connector.of(connector, url).orElse(null),
                secret == null ? null : secret.getBytes());
    }
}
