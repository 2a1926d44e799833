package dev.octroi.callback;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/** Writes events, and one outbox row for each endpoint of the tenant that asked for the event's type. */
final class EventStore {
    Future<Void> append(SqlConnection connection, List<Event> events) {
        if (events.isEmpty()) {
            return Future.succeededFuture();
        }
        Tuple columns = Tuple.of(
                events.stream().map(Event::tenantId).toArray(Integer[]::new),
                events.stream().map(event -> Ids.shardOf(event.id())).toArray(Short[]::new),
                events.stream().map(Event::id).toArray(Long[]::new),
                events.stream().map(Event::type).toArray(String[]::new),
                events.stream().map(Event::subjectId).toArray(Long[]::new),
                events.stream().map(Event::data).toArray(JsonObject[]::new));
        columns.addValue(events.stream()
                .map(event -> event.at().atOffset(ZoneOffset.UTC))
                .toArray(OffsetDateTime[]::new));
        return connection.preparedQuery("""
                        WITH written AS (
                          INSERT INTO event (tenant_id, vshard, id, type, subject_id, data, at)
                          SELECT * FROM unnest($1::int[], $2::smallint[], $3::bigint[], $4::text[], $5::bigint[],
                                               $6::jsonb[], $7::timestamptz[])
                          RETURNING tenant_id, vshard, id, type, subject_id, at
                        )
                        INSERT INTO outbox (tenant_id, vshard, id, stream, endpoint_id, key, version,
                                            created_at, next_at)
                        SELECT w.tenant_id, w.vshard, w.id, 'webhook', e.id, w.subject_id, w.id, w.at, w.at
                        FROM written w
                        JOIN webhook_endpoint e ON e.tenant_id = w.tenant_id AND e.state = 'active'
                         AND (cardinality(e.event_types) = 0
                              OR w.type = ANY (e.event_types)
                              OR split_part(w.type, '.', 1) || '.*' = ANY (e.event_types))
                        """).execute(columns).mapEmpty();
    }
}
