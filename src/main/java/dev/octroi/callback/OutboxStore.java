package dev.octroi.callback;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/** Writes rows of the outbox inside the transaction of whoever decided. */
final class OutboxStore {
    Future<Void> append(SqlConnection connection, List<OutboxRow> rows) {
        if (rows.isEmpty()) {
            return Future.succeededFuture();
        }
        Tuple columns = Tuple.of(
                rows.stream().map(OutboxRow::tenantId).toArray(Integer[]::new),
                rows.stream().map(row -> Ids.shardOf(row.key())).toArray(Short[]::new),
                rows.stream().map(OutboxRow::id).toArray(Long[]::new),
                rows.stream().map(row -> row.stream().sqlName()).toArray(String[]::new),
                rows.stream().map(OutboxRow::endpointId).toArray(Long[]::new),
                rows.stream().map(OutboxRow::key).toArray(Long[]::new));
        columns.addValue(rows.stream().map(OutboxRow::version).toArray(Long[]::new));
        columns.addValue(rows.stream().map(OutboxRow::payload).toArray(JsonObject[]::new));
        columns.addValue(rows.stream()
                .map(row -> row.createdAt().atOffset(ZoneOffset.UTC))
                .toArray(OffsetDateTime[]::new));
        return connection.preparedQuery("""
                        INSERT INTO outbox (tenant_id, vshard, id, stream, endpoint_id, key, version, payload,
                                            created_at, next_at)
                        SELECT r.tenant_id, r.vshard, r.id, r.stream, r.endpoint_id, r.key, r.version, r.payload,
                               r.created_at, r.created_at
                        FROM unnest($1::int[], $2::smallint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[],
                                    $7::bigint[], $8::jsonb[], $9::timestamptz[])
                             AS r (tenant_id, vshard, id, stream, endpoint_id, key, version, payload, created_at)
                        ON CONFLICT (tenant_id, vshard, stream, endpoint_id, key, version) DO NOTHING
                        """).execute(columns).mapEmpty();
    }
}
