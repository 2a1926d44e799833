package dev.octroi.callback.outbox;

import dev.octroi.db.ArrayColumns;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** Finds the oldest pending row of each key that is due, its head, and locks it; policies are found by {@link PolicyHeadStore}. */
final class HeadStore {
    /** A head as one look at the table found it; {@code ready}: it may be sent now. */
    record Head(
            int tenantId,
            short vshard,
            long id,
            String stream,
            long endpointId,
            long key,
            long version,
            boolean ready) {}

    /**
     * Locks the heads of keys that are due, of each lane as many as it has room for, and of the lanes of a tenant or a stream
     * together no more than there is for them.
     */
    Future<List<Head>> lock(SqlConnection connection, DispatchStore.Rooms room, Instant now) {
        List<DispatchStore.Room> rooms = room.lanes();
        Tuple parameters = Tuple.of(
                now.atOffset(ZoneOffset.UTC),
                rooms.stream().map(each -> each.lane().stream().sqlName()).toArray(String[]::new),
                rooms.stream().map(each -> each.lane().endpointId()).toArray(Long[]::new),
                rooms.stream().map(DispatchStore.Room::rows).toArray(Integer[]::new),
                room.webhook().endpoint());
        List<Map.Entry<Integer, Integer>> tenants = List.copyOf(room.tenants().entrySet());
        parameters
                .addInteger(room.charging().endpoint())
                .addArrayOfInteger(tenants.stream().map(Map.Entry::getKey).toArray(Integer[]::new))
                .addArrayOfInteger(tenants.stream().map(Map.Entry::getValue).toArray(Integer[]::new))
                .addInteger(room.tenant())
                .addInteger(room.webhook().all())
                .addInteger(room.charging().all());
        return connection.preparedQuery("""
                        WITH RECURSIVE lane AS (
                          (SELECT stream, endpoint_id FROM outbox WHERE state = 'pending'
                            ORDER BY stream, endpoint_id LIMIT 1)
                          UNION ALL
                          SELECT n.stream, n.endpoint_id
                          FROM lane l CROSS JOIN LATERAL (
                            SELECT o.stream, o.endpoint_id FROM outbox o
                            WHERE o.state = 'pending' AND (o.stream, o.endpoint_id) > (l.stream, l.endpoint_id)
                            ORDER BY o.stream, o.endpoint_id LIMIT 1) n
                        ), room AS (
                          SELECT l.stream, l.endpoint_id, coalesce(r.rows, CASE l.stream WHEN 'webhook' THEN $5::int ELSE $6::int END) AS free
                          FROM lane l
                          LEFT JOIN unnest($2::text[], $3::bigint[], $4::int[]) AS r (stream, endpoint_id, rows)
                            ON r.stream = l.stream AND r.endpoint_id = l.endpoint_id
                          WHERE l.stream <> 'network'
                        ), due AS (
                          SELECT DISTINCT r.free, r.stream, r.endpoint_id, d.tenant_id, d.vshard, d.key
                          FROM room r CROSS JOIN LATERAL (
                            SELECT o.tenant_id, o.vshard, o.key FROM outbox o
                            WHERE o.state = 'pending' AND o.stream = r.stream AND o.endpoint_id = r.endpoint_id
                              AND o.next_at <= $1::timestamptz
                            ORDER BY o.next_at LIMIT r.free * 2) d
                          WHERE r.free > 0
                        ), head AS (
                          SELECT d.free, h.*,
                                 row_number() OVER (PARTITION BY d.stream, d.endpoint_id, h.ready
                                                    ORDER BY h.next_at, h.id) AS n
                          FROM due d CROSS JOIN LATERAL (
                            SELECT o.tenant_id, o.vshard, o.id, o.stream, o.endpoint_id, o.next_at,
                                   o.next_at <= $1 AS ready
                            FROM outbox o
                            WHERE o.state = 'pending' AND o.tenant_id = d.tenant_id AND o.vshard = d.vshard
                              AND o.stream = d.stream AND o.endpoint_id = d.endpoint_id AND o.key = d.key
                            ORDER BY o.version LIMIT 1) h
                        ), ready AS (
                          SELECT h.*, row_number() OVER (PARTITION BY h.stream, h.tenant_id ORDER BY h.next_at, h.id) AS of_tenant
                          FROM head h WHERE h.ready AND h.n <= h.free
                        ), fair AS (
                          SELECT r.*, row_number() OVER (PARTITION BY r.stream ORDER BY r.of_tenant, r.next_at, r.id) AS of_stream
                          FROM ready r LEFT JOIN unnest($7::int[], $8::int[]) AS t (tenant_id, rows) ON t.tenant_id = r.tenant_id
                          WHERE r.stream <> 'webhook' OR r.of_tenant <= coalesce(t.rows, $9::int)
                        ), wanted AS (
                          SELECT tenant_id, vshard, id, endpoint_id FROM fair
                          WHERE CASE stream WHEN 'webhook' THEN of_stream <= $10::int WHEN 'charging' THEN of_stream <= $11::int ELSE true END
                          UNION ALL
                          SELECT tenant_id, vshard, id, endpoint_id FROM head WHERE NOT ready
                        )
                        SELECT o.tenant_id, o.vshard, o.id, o.stream, o.endpoint_id, o.key, o.version,
                               o.next_at <= $1 AS ready
                        FROM outbox o JOIN wanted h
                          ON o.tenant_id = h.tenant_id AND o.vshard = h.vshard AND o.id = h.id
                         AND o.endpoint_id = h.endpoint_id
                        WHERE o.state = 'pending'
                        FOR UPDATE OF o SKIP LOCKED
                        """).execute(parameters).map(rows -> ArrayColumns.list(rows, HeadStore::head));
    }

    /**
     * Rows that wait behind a head that is not due leave the ranks of the due, or they would hide those that can be
     * sent. Completing the head makes the next one due again.
     */
    Future<Integer> defer(SqlConnection connection, List<Head> heads, Instant now) {
        if (heads.isEmpty()) {
            return Future.succeededFuture(0);
        }
        Tuple parameters = keys(heads);
        parameters.addValue(now.atOffset(ZoneOffset.UTC));
        return connection.preparedQuery("""
                        UPDATE outbox o SET next_at = head.next_at
                        FROM unnest($1::int[], $2::smallint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
                             AS h (tenant_id, vshard, stream, endpoint_id, key, version)
                        JOIN outbox head ON head.tenant_id = h.tenant_id AND head.vshard = h.vshard
                         AND head.stream = h.stream AND head.endpoint_id = h.endpoint_id AND head.key = h.key
                         AND head.version = h.version
                        WHERE o.state = 'pending' AND o.tenant_id = h.tenant_id AND o.vshard = h.vshard
                          AND o.stream = h.stream AND o.endpoint_id = h.endpoint_id AND o.key = h.key
                          AND o.version > h.version AND o.next_at <= $7::timestamptz
                        """).execute(parameters).map(RowSet::rowCount);
    }

    static Tuple keys(List<Head> heads) {
        return Tuple.of(
                ArrayColumns.column(heads, Head::tenantId, Integer[]::new),
                ArrayColumns.column(heads, Head::vshard, Short[]::new),
                ArrayColumns.column(heads, Head::stream, String[]::new),
                ArrayColumns.column(heads, Head::endpointId, Long[]::new),
                ArrayColumns.column(heads, Head::key, Long[]::new),
                ArrayColumns.column(heads, Head::version, Long[]::new));
    }

    static Head head(Row row) {
        return new Head(
                row.getInteger("tenant_id"),
                row.getShort("vshard"),
                row.getLong("id"),
                row.getString("stream"),
                row.getLong("endpoint_id"),
                row.getLong("key"),
                row.getLong("version"),
                row.getBoolean("ready"));
    }
}
