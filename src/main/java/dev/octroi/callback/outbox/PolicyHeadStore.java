package dev.octroi.callback.outbox;

import dev.octroi.callback.outbox.DispatchStore.PolicyRooms;
import dev.octroi.db.ArrayColumns;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * Finds the policies that are to be told next, and locks the oldest pending row of each of their keys. Each tenant has a queue for
 * each {@link Urgency}; those that have the least under way come first, the more urgent ones before others, and nothing is taken for a
 * network that has no room. How many wait does not matter: of each queue no more is read than may be taken.
 */
final class PolicyHeadStore {
    static final String LOOK = """
            WITH RECURSIVE queue AS (
              (SELECT o.urgency, o.attempts > 0 AS tried, o.tenant_id FROM outbox o
                WHERE o.state = 'pending' AND o.stream = 'network'
                ORDER BY o.urgency, o.attempts > 0, o.tenant_id LIMIT 1)
              UNION ALL
              SELECT n.urgency, n.tried, n.tenant_id
              FROM queue q CROSS JOIN LATERAL (
                SELECT o.urgency, o.attempts > 0 AS tried, o.tenant_id FROM outbox o
                WHERE o.state = 'pending' AND o.stream = 'network'
                  AND (o.urgency, o.attempts > 0, o.tenant_id) > (q.urgency, q.tried, q.tenant_id)
                ORDER BY o.urgency, o.attempts > 0, o.tenant_id LIMIT 1) n
            ), served AS (
              SELECT q.urgency, q.tried, q.tenant_id, p.id AS partner_id, count(*) OVER (PARTITION BY p.id) AS queues
              FROM queue q CROSS JOIN LATERAL (
                SELECT coalesce((
                  SELECT r.id FROM partner r
                  WHERE r.kind = 'network' AND r.disabled_at IS NULL
                    AND (r.callback_url IS NOT NULL OR r.connector IS NOT NULL) AND r.tenant_id IN (0, q.tenant_id)
                  ORDER BY r.tenant_id DESC, r.created_at DESC, r.id DESC LIMIT 1), 0) AS id) p
            ), room AS (
              SELECT s.*, coalesce(k.rows, $4::int) AS free
              FROM served s LEFT JOIN unnest($2::bigint[], $3::int[]) AS k (partner_id, rows) ON k.partner_id = s.partner_id
            ), due AS (
              SELECT r.partner_id, r.free, r.tenant_id, r.urgency, r.tried, d.*,
                     row_number() OVER (PARTITION BY r.tenant_id, r.urgency, r.tried ORDER BY d.next_at, d.id)
                       + coalesce(u.rows, 0) AS turn
              FROM room r
              LEFT JOIN unnest($5::int[], $6::smallint[], $7::boolean[], $8::int[]) AS u (tenant_id, urgency, tried, rows)
                ON u.tenant_id = r.tenant_id AND u.urgency = r.urgency AND u.tried = r.tried
              CROSS JOIN LATERAL (
                SELECT o.vshard, o.stream, o.endpoint_id, o.key, o.next_at, o.id FROM outbox o
                WHERE o.state = 'pending' AND o.stream = 'network' AND o.tenant_id = r.tenant_id
                  AND o.urgency = r.urgency AND (o.attempts > 0) = r.tried AND o.next_at <= $1::timestamptz
                ORDER BY o.next_at LIMIT least(r.free, greatest(4, 2 * r.free / r.queues))) d
              WHERE r.free > 0
            ), placed AS (
              SELECT d.*, row_number() OVER (PARTITION BY d.partner_id ORDER BY d.turn, d.tried, d.urgency, d.next_at, d.id) AS place
              FROM due d
            ), chosen AS (
              SELECT DISTINCT c.tenant_id, c.vshard, c.stream, c.endpoint_id, c.key
              FROM (SELECT p.* FROM placed p WHERE p.place <= p.free ORDER BY p.turn, p.tried, p.urgency, p.next_at LIMIT $9::int) c
            ), head AS (
              SELECT h.* FROM chosen c CROSS JOIN LATERAL (
                SELECT o.tenant_id, o.vshard, o.id, o.endpoint_id FROM outbox o
                WHERE o.state = 'pending' AND o.tenant_id = c.tenant_id AND o.vshard = c.vshard AND o.stream = c.stream
                  AND o.endpoint_id = c.endpoint_id AND o.key = c.key
                ORDER BY o.version LIMIT 1) h
            )
            SELECT o.tenant_id, o.vshard, o.id, o.stream, o.endpoint_id, o.key, o.version,
                   o.next_at <= $1 OR o.lease_owner IS NULL AS ready
            FROM outbox o JOIN head h
              ON o.tenant_id = h.tenant_id AND o.vshard = h.vshard AND o.id = h.id AND o.endpoint_id = h.endpoint_id
            WHERE o.state = 'pending'
            FOR UPDATE OF o SKIP LOCKED
            """;

    /** Locks the heads of the keys that come next; one that is being sent is not ready, and what waits behind it is found with it. */
    Future<List<HeadStore.Head>> lock(SqlConnection connection, PolicyRooms room, Instant now) {
        List<Map.Entry<Long, Integer>> partners = List.copyOf(room.partners().entrySet());
        List<Map.Entry<DispatchStore.Queue, Integer>> underWay =
                List.copyOf(room.underWay().entrySet());
        Tuple parameters = Tuple.of(
                now.atOffset(ZoneOffset.UTC),
                ArrayColumns.column(partners, Map.Entry::getKey, Long[]::new),
                ArrayColumns.column(partners, Map.Entry::getValue, Integer[]::new),
                room.partner(),
                ArrayColumns.column(underWay, each -> each.getKey().tenantId(), Integer[]::new),
                ArrayColumns.column(
                        underWay, each -> (short) each.getKey().urgency().number(), Short[]::new));
        parameters.addValue(ArrayColumns.column(underWay, each -> each.getKey().tried(), Boolean[]::new));
        parameters.addValue(ArrayColumns.column(underWay, Map.Entry::getValue, Integer[]::new));
        parameters.addInteger(room.all());
        return connection.preparedQuery(LOOK).execute(parameters).map(rows -> ArrayColumns.list(rows, HeadStore::head));
    }
}
