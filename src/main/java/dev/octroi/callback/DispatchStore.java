package dev.octroi.callback;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes rows of the outbox for sending and puts down how it went. Several dispatchers may work on one table.
 *
 * <p>What is claimed is always the oldest pending row of a key, its head: whoever locks the head owns the key for the
 * moment of claiming, so two dispatchers never send two rows of one key at a time. A claimed row carries its lease in
 * {@code next_at}; when the lease runs out the row is simply due again.
 */
final class DispatchStore {
    /** How many rows a lane may take now. */
    record Room(ClaimedRow.Lane lane, int rows) {}

    /** The heads found by one look at the table. */
    private record Head(
            int tenantId,
            short vshard,
            long id,
            String stream,
            long endpointId,
            long key,
            long version,
            boolean ready) {}

    /** What one look gave. */
    record Claimed(List<ClaimedRow> rows, boolean moreMayBeDue) {}

    /**
     * Claims due rows.
     *
     * @param owner this dispatcher
     * @param rooms lanes that may take other than {@code defaultRoom} rows
     * @param leaseUntil until when nobody else may take what is claimed
     */
    Future<Claimed> claim(
            SqlConnection connection, long owner, List<Room> rooms, int defaultRoom, Instant now, Instant leaseUntil) {
        Future<Void> lazily = lazily(connection);
        Future<List<Head>> locked = lockHeads(connection, rooms, defaultRoom, now);
        return Future.join(lazily, locked).compose(done -> locked).compose(heads -> {
            List<Head> ready = heads.stream().filter(Head::ready).toList();
            List<Head> blocked = heads.stream().filter(head -> !head.ready()).toList();
            return lease(connection, owner, ready, now, leaseUntil)
                    .compose(rows -> defer(connection, blocked, now)
                            .map(deferred -> new Claimed(rows, !rows.isEmpty() || deferred > 0)));
        });
    }

    /**
     * A lease that a crash of the database forgets is no loss, so nobody waits for the disk to keep it. And one plan does
     * for all looks at the table: to plan such a statement takes longer than to run it.
     */
    private static Future<Void> lazily(SqlConnection connection) {
        return connection
                .preparedQuery("SELECT set_config('synchronous_commit', 'off', true),"
                        + " set_config('plan_cache_mode', 'force_generic_plan', true)")
                .execute()
                .mapEmpty();
    }

    private Future<List<Head>> lockHeads(SqlConnection connection, List<Room> rooms, int defaultRoom, Instant now) {
        Tuple parameters = Tuple.of(
                now.atOffset(ZoneOffset.UTC),
                rooms.stream().map(room -> room.lane().stream().sqlName()).toArray(String[]::new),
                rooms.stream().map(room -> room.lane().endpointId()).toArray(Long[]::new),
                rooms.stream().map(Room::rows).toArray(Integer[]::new),
                defaultRoom);
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
                          SELECT l.stream, l.endpoint_id, coalesce(r.rows, $5::int) AS free
                          FROM lane l
                          LEFT JOIN unnest($2::text[], $3::bigint[], $4::int[]) AS r (stream, endpoint_id, rows)
                            ON r.stream = l.stream AND r.endpoint_id = l.endpoint_id
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
                                   o.next_at <= $1 OR (o.stream = 'network' AND o.lease_owner IS NULL) AS ready
                            FROM outbox o
                            WHERE o.state = 'pending' AND o.tenant_id = d.tenant_id AND o.vshard = d.vshard
                              AND o.stream = d.stream AND o.endpoint_id = d.endpoint_id AND o.key = d.key
                            ORDER BY o.version LIMIT 1) h
                        )
                        SELECT o.tenant_id, o.vshard, o.id, o.stream, o.endpoint_id, o.key, o.version,
                               o.next_at <= $1 OR (o.stream = 'network' AND o.lease_owner IS NULL) AS ready
                        FROM outbox o JOIN head h
                          ON o.tenant_id = h.tenant_id AND o.vshard = h.vshard AND o.id = h.id
                         AND o.endpoint_id = h.endpoint_id
                        WHERE o.state = 'pending'
                          AND (h.n <= h.free OR NOT h.ready)
                        FOR UPDATE OF o SKIP LOCKED
                        """).execute(parameters).map(rows -> list(rows, DispatchStore::head));
    }

    /** Takes the heads; for the network the newest row of the key instead, and what is older has been overtaken. */
    private Future<List<ClaimedRow>> lease(
            SqlConnection connection, long owner, List<Head> heads, Instant now, Instant leaseUntil) {
        if (heads.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        Tuple parameters = keys(heads);
        parameters.addValue(owner);
        parameters.addValue(now.atOffset(ZoneOffset.UTC));
        parameters.addValue(leaseUntil.atOffset(ZoneOffset.UTC));
        return connection.preparedQuery("""
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
                          WHERE o.state = 'pending' AND o.stream = 'network' AND t.stream = 'network'
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
                               l.created_at, l.attempts, e.type AS event_type, e.data AS event_data, e.at AS event_at,
                               w.url, w.signature, w.secret_sealed,
                               CASE WHEN w.previous_until > $8 THEN w.previous_sealed END AS previous_sealed,
                               p.callback_url AS partner_url, p.notification_points
                        FROM leased l
                        LEFT JOIN LATERAL (
                          SELECT p.callback_url, p.notification_points FROM partner p
                          WHERE l.stream <> 'webhook' AND p.disabled_at IS NULL
                            AND (p.callback_url IS NOT NULL OR l.stream = 'es2')
                            AND p.kind = CASE l.stream WHEN 'network' THEN 'network' ELSE 'sm-dp' END
                            AND p.tenant_id IN (0, l.tenant_id) AND (l.endpoint_id = 0 OR p.id = l.endpoint_id)
                          ORDER BY p.callback_url IS NULL, p.tenant_id DESC, p.created_at DESC, p.id DESC LIMIT 1) p
                          ON true
                        LEFT JOIN event e ON l.stream = 'webhook' AND e.tenant_id = l.tenant_id
                          AND e.vshard = l.vshard AND e.id = l.id
                        LEFT JOIN webhook_endpoint w ON l.stream = 'webhook' AND w.tenant_id = l.tenant_id
                          AND w.vshard = (l.endpoint_id & 255)::smallint AND w.id = l.endpoint_id
                          AND (w.state = 'active' OR e.type = 'webhook.test')
                        ORDER BY l.created_at, l.id
                        """).execute(parameters).map(rows -> list(rows, DispatchStore::claimed));
    }

    /**
     * Rows that wait behind a head that is not due leave the ranks of the due, or they would hide those that can be
     * sent. Completing the head makes the next one due again.
     */
    private Future<Integer> defer(SqlConnection connection, List<Head> heads, Instant now) {
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

    /**
     * Puts down what happened to rows that this dispatcher still holds, logs the attempts and wakes the next row of each
     * key. Returns those that were still held; a lease that was lost is left to its new owner.
     */
    Future<List<Attempt>> complete(SqlConnection connection, long owner, List<Attempt> attempts, Instant now) {
        Tuple parameters = Tuple.tuple();
        parameters.addValue(column(attempts, a -> a.row().tenantId(), Integer[]::new));
        parameters.addValue(column(attempts, a -> a.row().vshard(), Short[]::new));
        parameters.addValue(column(attempts, a -> a.row().id(), Long[]::new));
        parameters.addValue(column(attempts, a -> a.row().endpointId(), Long[]::new));
        parameters.addValue(column(attempts, a -> a.result().state(), String[]::new));
        parameters.addValue(column(attempts, a -> a.nextAt().atOffset(ZoneOffset.UTC), OffsetDateTime[]::new));
        parameters.addValue(column(attempts, Attempt::status, Integer[]::new));
        parameters.addValue(column(attempts, Attempt::error, String[]::new));
        parameters.addValue(column(attempts, a -> a.at().atOffset(ZoneOffset.UTC), OffsetDateTime[]::new));
        parameters.addValue(column(attempts, a -> Math.toIntExact(a.durationMs()), Integer[]::new));
        parameters.addValue(owner);
        parameters.addValue(now.atOffset(ZoneOffset.UTC));
        return connection.preparedQuery("""
                        WITH result AS (
                          SELECT * FROM unnest($1::int[], $2::smallint[], $3::bigint[], $4::bigint[], $5::text[],
                                               $6::timestamptz[], $7::int[], $8::text[], $9::timestamptz[], $10::int[])
                            AS r (tenant_id, vshard, id, endpoint_id, state, next_at, status, error, at, duration_ms)
                        ), done AS (
                          UPDATE outbox o
                          SET state = r.state, lease_owner = NULL, last_status = r.status, last_error = r.error,
                              next_at = CASE WHEN r.state = 'pending' THEN r.next_at ELSE o.next_at END,
                              done_at = CASE WHEN r.state = 'pending' THEN NULL ELSE $12::timestamptz END
                          FROM result r
                          WHERE o.tenant_id = r.tenant_id AND o.vshard = r.vshard AND o.id = r.id
                            AND o.endpoint_id = r.endpoint_id AND o.state = 'pending' AND o.lease_owner = $11::bigint
                          RETURNING o.tenant_id, o.vshard, o.id, o.stream, o.endpoint_id, o.key, o.version, o.state,
                                    o.attempts, r.at, r.duration_ms, r.status, r.error
                        ), logged AS (
                          INSERT INTO delivery (tenant_id, vshard, outbox_id, endpoint_id, attempt, at, duration_ms,
                                                status, error)
                          SELECT tenant_id, vshard, id, endpoint_id, attempts, at, duration_ms, status, error
                          FROM done
                          ON CONFLICT (tenant_id, vshard, outbox_id, endpoint_id, attempt) DO NOTHING
                        ), woken AS (
                          UPDATE outbox o SET next_at = $12::timestamptz
                          FROM done d CROSS JOIN LATERAL (
                            SELECT n.id FROM outbox n
                            WHERE n.state = 'pending' AND n.tenant_id = d.tenant_id AND n.vshard = d.vshard
                              AND n.stream = d.stream AND n.endpoint_id = d.endpoint_id AND n.key = d.key
                              AND n.version > d.version
                            ORDER BY n.version LIMIT 1) next
                          WHERE (d.state <> 'pending' OR d.stream = 'network')
                            AND o.tenant_id = d.tenant_id AND o.vshard = d.vshard AND o.id = next.id
                            AND o.endpoint_id = d.endpoint_id AND o.state = 'pending'
                        )
                        SELECT tenant_id, vshard, id, endpoint_id FROM done
                        """).execute(parameters).map(rows -> held(attempts, rows));
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
                                column(rows, ClaimedRow::tenantId, Integer[]::new),
                                column(rows, ClaimedRow::vshard, Short[]::new),
                                column(rows, ClaimedRow::id, Long[]::new),
                                column(rows, ClaimedRow::endpointId, Long[]::new),
                                owner,
                                leaseUntil.atOffset(ZoneOffset.UTC)))
                        .mapEmpty());
    }

    private static Tuple keys(List<Head> heads) {
        return Tuple.of(
                column(heads, Head::tenantId, Integer[]::new),
                column(heads, Head::vshard, Short[]::new),
                column(heads, Head::stream, String[]::new),
                column(heads, Head::endpointId, Long[]::new),
                column(heads, Head::key, Long[]::new),
                column(heads, Head::version, Long[]::new));
    }

    private static <A, B> B[] column(
            List<A> rows, Function<A, @Nullable B> value, java.util.function.IntFunction<B[]> array) {
        B[] column = array.apply(rows.size());
        for (int i = 0; i < column.length; i++) {
            column[i] = value.apply(rows.get(i));
        }
        return column;
    }

    private static <A> List<A> list(RowSet<Row> rows, Function<Row, A> reader) {
        List<A> list = new ArrayList<>(rows.size());
        for (Row row : rows) {
            list.add(reader.apply(row));
        }
        return list;
    }

    private static Head head(Row row) {
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
                row.getJsonObject("payload"),
                row.getOffsetDateTime("created_at").toInstant(),
                attempts,
                attempts == 1,
                row.getString("event_type"),
                row.getJsonObject("event_data"),
                eventAt == null ? null : eventAt.toInstant(),
                row.getString("partner_url"),
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

    private static List<Attempt> held(List<Attempt> attempts, RowSet<Row> rows) {
        Set<List<Object>> held = new HashSet<>();
        for (Row row : rows) {
            held.add(List.of(row.getInteger("tenant_id"), row.getLong("id"), row.getLong("endpoint_id")));
        }
        return attempts.stream()
                .filter(attempt -> held.contains(List.of(
                        attempt.row().tenantId(),
                        attempt.row().id(),
                        attempt.row().endpointId())))
                .toList();
    }
}
