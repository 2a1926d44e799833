package dev.octroi.callback.outbox;

import dev.octroi.db.ArrayColumns;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Puts down how attempts went. */
final class CompletionStore {
    /**
     * Puts down what happened to rows that this dispatcher still holds, logs the attempts and wakes the next row of each
     * key. Returns those that were still held; a lease that was lost is left to its new owner.
     */
    Future<List<Attempt>> complete(SqlConnection connection, long owner, List<Attempt> attempts, Instant now) {
        Tuple parameters = Tuple.tuple();
        parameters.addValue(ArrayColumns.column(attempts, a -> a.row().tenantId(), Integer[]::new));
        parameters.addValue(ArrayColumns.column(attempts, a -> a.row().vshard(), Short[]::new));
        parameters.addValue(ArrayColumns.column(attempts, a -> a.row().id(), Long[]::new));
        parameters.addValue(ArrayColumns.column(attempts, a -> a.row().endpointId(), Long[]::new));
        parameters.addValue(ArrayColumns.column(attempts, a -> a.result().state(), String[]::new));
        parameters.addValue(
                ArrayColumns.column(attempts, a -> a.nextAt().atOffset(ZoneOffset.UTC), OffsetDateTime[]::new));
        parameters.addValue(ArrayColumns.column(attempts, Attempt::status, Integer[]::new));
        parameters.addValue(ArrayColumns.column(attempts, Attempt::error, String[]::new));
        parameters.addValue(ArrayColumns.column(attempts, a -> a.at().atOffset(ZoneOffset.UTC), OffsetDateTime[]::new));
        parameters.addValue(ArrayColumns.column(attempts, a -> Math.toIntExact(a.durationMs()), Integer[]::new));
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
