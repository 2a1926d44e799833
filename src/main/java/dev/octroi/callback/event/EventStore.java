package dev.octroi.callback.event;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes events, and one outbox row for each endpoint of the tenant that asked for the event's type. */
public final class EventStore {
    private static final String APPEND = """
            WITH written AS (
              INSERT INTO event (tenant_id, vshard, id, type, subject_id, data, at)
              %s
              RETURNING tenant_id, vshard, id, type, subject_id, at
            )
            INSERT INTO outbox (tenant_id, vshard, id, stream, endpoint_id, key, version,
                                created_at, next_at)
            SELECT w.tenant_id, w.vshard, w.id, 'webhook', e.id, w.subject_id, w.id, w.at, least(w.at, now())
            FROM written w
            JOIN webhook_endpoint e ON e.tenant_id = w.tenant_id AND e.state = 'active'
             AND (cardinality(e.event_types) = 0
                  OR w.type = ANY (e.event_types)
                  OR split_part(w.type, '.', 1) = ANY (e.event_types))
            """;

    private static final String APPEND_MANY = APPEND.formatted("""
            SELECT * FROM unnest($1::int[], $2::smallint[], $3::bigint[], $4::text[], $5::bigint[],
                                 $6::jsonb[], $7::timestamptz[])""");

    /** A single event needs no arrays, for whose length the server would plan anew each time. */
    private static final String APPEND_ONE = APPEND.formatted("VALUES ($1, $2, $3, $4, $5, $6, $7)");

    /** Appends events, and a delivery for each endpoint that asked for them, in the open transaction; a type that is none of {@link EventTypes} is a mistake of the caller. */
    public Future<Void> append(SqlConnection connection, List<Event> events) {
        if (events.isEmpty()) {
            return Future.succeededFuture();
        }
        // For tests: a gateway tells an event that nobody could ask for rather than fail what it is about.
        assert EventTypes.all().containsAll(events.stream().map(Event::type).toList())
                : "an event of no type: " + events;
        boolean single = events.size() == 1;
        return connection
                .preparedQuery(single ? APPEND_ONE : APPEND_MANY)
                .execute(single ? one(events.getFirst()) : many(events))
                .mapEmpty();
    }

    private static Tuple one(Event event) {
        return Tuple.tuple()
                .addInteger(event.tenantId())
                .addShort(Ids.shardOf(event.id()))
                .addLong(event.id())
                .addString(event.type())
                .addLong(event.subjectId())
                .addJsonObject(event.data())
                .addOffsetDateTime(event.at().atOffset(ZoneOffset.UTC));
    }

    private static Tuple many(List<Event> events) {
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
        return columns;
    }

    /** Where an event stands in the feed; the number of a transaction in a cluster before this one is negative. */
    record Position(long txid, long id) {}

    Future<Optional<Position>> position(SqlConnection connection, int tenantId, OptionalLong event) {
        if (event.isEmpty()) {
            return Future.succeededFuture(Optional.of(new Position(Long.MIN_VALUE, 0)));
        }
        long id = event.getAsLong();
        return connection
                .preparedQuery("""
                        SELECT txid FROM event WHERE tenant_id = $1 AND vshard = $2 AND id = $3
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(id), id))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(new Position(rows.iterator().next().getLong(0), id)));
    }

    /**
     * The place before the first event that was written from a moment on; empty: there is none yet. Events get their numbers by the time,
     * each of the shards for itself.
     */
    Future<Optional<Position>> since(SqlConnection connection, int tenantId, Instant moment) {
        return connection
                .preparedQuery("""
                        SELECT min(first.txid) AS txid
                        FROM generate_series(0, 255) AS shard (n)
                        CROSS JOIN LATERAL (
                          SELECT txid FROM event
                          WHERE tenant_id = $1 AND vshard = shard.n::smallint AND id >= $2
                          ORDER BY id LIMIT 1) first
                        """)
                .execute(Tuple.of(tenantId, Ids.firstAt(moment)))
                .map(rows -> Optional.ofNullable(rows.iterator().next().getLong("txid"))
                        .map(txid -> new Position(txid, 0)));
    }

    /**
     * Events of a traveller who was forgotten keep their places only, where a reader may have stopped. Stops before the oldest
     * transaction that still runs, so that nothing is ever written behind the reader.
     */
    Future<List<Event>> page(SqlConnection connection, int tenantId, Position after, long subjectId, int limit) {
        return connection
                .preparedQuery("""
                        SELECT id, type, subject_id, data, at FROM event
                        WHERE tenant_id = $1 AND (txid, id) > ($2::bigint, $3::bigint)
                          AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                          AND ($4::bigint = 0 OR subject_id = $4) AND type <> 'event.erased'
                        ORDER BY txid, id LIMIT $5::int
                        """)
                .execute(Tuple.of(tenantId, after.txid(), after.id(), subjectId, limit))
                .map(rows -> {
                    List<Event> events = new ArrayList<>();
                    for (Row row : rows) {
                        events.add(new Event(
                                tenantId,
                                row.getLong("id"),
                                row.getString("type"),
                                row.getLong("subject_id"),
                                row.getJsonObject("data"),
                                row.getOffsetDateTime("at").toInstant()));
                    }
                    return events;
                });
    }

    Future<OptionalLong> newest(SqlConnection connection, int tenantId) {
        return connection
                .preparedQuery("""
                        SELECT id FROM event
                        WHERE tenant_id = $1 AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                        ORDER BY txid DESC, id DESC LIMIT 1
                        """)
                .execute(Tuple.of(tenantId))
                .map(rows -> rows.size() == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(rows.iterator().next().getLong(0)));
    }
}
