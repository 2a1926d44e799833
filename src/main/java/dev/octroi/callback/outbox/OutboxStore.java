package dev.octroi.callback.outbox;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/** Writes rows of the outbox inside the transaction of whoever decided. */
public final class OutboxStore {
    private static final String MANY = """
            unnest($1::int[], $2::smallint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[],
                   $7::bigint[], $8::jsonb[], $9::timestamptz[], $10::smallint[])""";

    /** A single row needs no arrays, for whose length the server would plan anew each time. */
    private static final String ONE = """
            (VALUES ($1::int, $2::smallint, $3::bigint, $4::text, $5::bigint, $6::bigint, $7::bigint, $8::jsonb,
                     $9::timestamptz, $10::smallint))""";

    private static final String HEARD = """
            WHERE r.endpoint_id <> 0 OR EXISTS (
                SELECT 1 FROM partner p WHERE p.kind = 'sm-dp' AND p.callback_url IS NOT NULL
                    AND p.disabled_at IS NULL AND p.tenant_id IN (0, r.tenant_id))
            """;

    /** Appends rows in the open transaction. */
    public Future<Void> append(SqlConnection connection, List<OutboxRow> rows) {
        return append(connection, rows, "");
    }

    /** Leaves out what names no operator while none is registered that could hear it. */
    Future<Void> appendHeard(SqlConnection connection, List<OutboxRow> rows) {
        return append(connection, rows, HEARD);
    }

    private static Future<Void> append(SqlConnection connection, List<OutboxRow> rows, String condition) {
        if (rows.isEmpty()) {
            return Future.succeededFuture();
        }
        boolean single = rows.size() == 1;
        return connection
                .preparedQuery(statement(single ? ONE : MANY, ", urgency", condition))
                .execute(single ? one(rows.getFirst()) : many(rows))
                .mapEmpty();
    }

    /** Due at once, also where the clock of the gateway that wrote it is ahead of those that send it. */
    private static String statement(String source, String more, String condition) {
        return """
            INSERT INTO outbox (tenant_id, vshard, id, stream, endpoint_id, key, version, payload,
                                created_at, next_at%2$s)
            SELECT r.tenant_id, r.vshard, r.id, r.stream, r.endpoint_id, r.key, r.version, r.payload,
                   r.created_at, least(r.created_at, now())%2$s
            FROM %1$s AS r (tenant_id, vshard, id, stream, endpoint_id, key, version, payload, created_at%2$s)
            %3$sON CONFLICT (tenant_id, vshard, stream, endpoint_id, key, version) DO NOTHING
            """.formatted(source, more, condition);
    }

    /** The insertion of the rows of a relation with the columns of the outbox up to {@code created_at}. */
    static String insertion(String relation, boolean onlyHeard) {
        return statement(relation, "", onlyHeard ? HEARD : "");
    }

    private static Tuple one(OutboxRow row) {
        return Tuple.tuple()
                .addInteger(row.tenantId())
                .addShort(Ids.shardOf(row.key()))
                .addLong(row.id())
                .addString(row.stream().sqlName())
                .addLong(row.endpointId())
                .addLong(row.key())
                .addLong(row.version())
                .addJsonObject(row.payload())
                .addOffsetDateTime(row.createdAt().atOffset(ZoneOffset.UTC))
                .addShort((short) row.urgency().number());
    }

    private static Tuple many(List<OutboxRow> rows) {
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
        columns.addValue(
                rows.stream().map(row -> (short) row.urgency().number()).toArray(Short[]::new));
        return columns;
    }
}
