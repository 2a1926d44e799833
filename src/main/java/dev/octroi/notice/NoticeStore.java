package dev.octroi.notice;

import dev.octroi.db.ArrayColumns;
import dev.octroi.db.Ids;
import dev.octroi.notice.words.Occurrence;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is to be sent to travellers, and what was. Times of leases are the database's, which all gateways share. */
final class NoticeStore {
    /** Something that goes on and off all day must not fill a mailbox; the page tells the rest. */
    private static final int MOST_URGENT_PER_DAY = 24;

    /** What a message is. */
    enum What {
        EVENT,
        TEST,
        CONFIRM;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How a message ended. */
    enum End {
        SENT,
        DROPPED,
        REFUSED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * An event to be told.
     *
     * @param eventId the event's, and so told once
     * @param maxPerDay the bound that it counts towards, unless it is urgent: those have one of their own
     */
    record New(
            int tenantId,
            long eventId,
            long subscriptionId,
            long channelNumber,
            boolean urgent,
            int maxPerDay,
            Instant at) {}

    /**
     * A message that a gateway has in hand.
     *
     * @param attempts this one included
     * @param ageSeconds since what it tells
     */
    record Claimed(
            int tenantId,
            long id,
            long subscriptionId,
            long channelNumber,
            What what,
            boolean urgent,
            int attempts,
            long ageSeconds) {}

    /** Adds events to be told; those beyond the bound of a day are held. Only while the tenant's cursor is locked. */
    Future<Void> add(SqlConnection connection, List<New> events) {
        if (events.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Tuple> batch = new ArrayList<>(events.size());
        for (New each : events) {
            batch.add(Tuple.tuple()
                    .addInteger(each.tenantId())
                    .addShort(Ids.shardOf(each.eventId()))
                    .addLong(each.eventId())
                    .addLong(each.subscriptionId())
                    .addLong(each.channelNumber())
                    .addBoolean(each.urgent())
                    .addInteger(each.urgent() ? MOST_URGENT_PER_DAY : each.maxPerDay())
                    .addOffsetDateTime(each.at().atOffset(ZoneOffset.UTC)));
        }
        return connection.preparedQuery("""
                        WITH bound AS (
                          SELECT $7::int <= (
                            SELECT count(*) FROM notice
                            WHERE tenant_id = $1::int AND vshard = $2::smallint AND subscription_id = $4::bigint
                              AND at > $8::timestamptz - interval '1 day' AND what = 'event' AND urgent = $6::boolean
                              AND state IN ('waiting', 'sent')) AS reached
                        )
                        INSERT INTO notice (tenant_id, vshard, id, subscription_id, channel_number, what, urgent, state, at,
                            next_at, done_at)
                        SELECT $1::int, $2::smallint, $3::bigint, $4::bigint, $5::bigint, 'event', $6::boolean,
                            CASE WHEN reached THEN 'held' ELSE 'waiting' END, $8::timestamptz, now(),
                            CASE WHEN reached THEN now() END
                        FROM bound
                        ON CONFLICT DO NOTHING
                        """).executeBatch(batch).mapEmpty();
    }

    /** Adds a test or a confirmation. */
    Future<Void> add(
            SqlConnection connection,
            int tenantId,
            long id,
            long subscriptionId,
            long channelNumber,
            What what,
            Instant at) {
        return connection
                .preparedQuery("""
                        INSERT INTO notice (tenant_id, vshard, id, subscription_id, channel_number, what, urgent, state, at, next_at)
                        VALUES ($1, $2, $3, $4, $5, $6, true, 'waiting', $7, now())
                        """)
                .execute(Tuple.tuple()
                        .addInteger(tenantId)
                        .addShort(Ids.shardOf(id))
                        .addLong(id)
                        .addLong(subscriptionId)
                        .addLong(channelNumber)
                        .addString(what.word())
                        .addOffsetDateTime(at.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /** How many tests or confirmations a subscription had since a moment. */
    Future<Long> count(SqlConnection connection, int tenantId, long subscriptionId, What what, Instant since) {
        return connection
                .preparedQuery("""
                        SELECT count(*) FROM notice
                        WHERE tenant_id = $1 AND vshard = $2 AND subscription_id = $3 AND what = $4 AND at > $5
                        """)
                .execute(Tuple.of(
                        tenantId,
                        Ids.shardOf(subscriptionId),
                        subscriptionId,
                        what.word(),
                        since.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Takes the message that is due longest in hand, for as long as a lease; each is in one gateway's. */
    Future<Optional<Claimed>> claim(SqlClient client, Duration lease) {
        return client.preparedQuery("""
                        WITH due AS (
                          SELECT tenant_id, vshard, id FROM notice
                          WHERE state = 'waiting' AND next_at <= now()
                          ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED
                        )
                        UPDATE notice n SET attempts = n.attempts + 1, next_at = now() + make_interval(secs => $1::int)
                        FROM due d WHERE n.tenant_id = d.tenant_id AND n.vshard = d.vshard AND n.id = d.id
                        RETURNING n.tenant_id, n.id, n.subscription_id, n.channel_number, n.what, n.urgent, n.attempts,
                            extract(epoch FROM now() - n.at)::bigint AS age
                        """)
                .execute(Tuple.of(Math.toIntExact(lease.toSeconds())))
                .map(rows ->
                        ArrayColumns.list(rows, NoticeStore::claimed).stream().findFirst());
    }

    private static Claimed claimed(Row row) {
        return new Claimed(
                row.getInteger("tenant_id"),
                row.getLong("id"),
                row.getLong("subscription_id"),
                row.getLong("channel_number"),
                What.valueOf(row.getString("what").toUpperCase(Locale.ROOT)),
                row.getBoolean("urgent"),
                row.getInteger("attempts"),
                row.getLong("age"));
    }

    /** Ends a message that is still in this hand. */
    Future<Void> end(SqlClient client, Claimed claimed, End end) {
        return client.preparedQuery("""
                        UPDATE notice SET state = $5, done_at = now()
                        WHERE tenant_id = $1 AND vshard = $2 AND id = $3 AND state = 'waiting' AND attempts = $4
                        """)
                .execute(Tuple.of(
                        claimed.tenantId(), Ids.shardOf(claimed.id()), claimed.id(), claimed.attempts(), end.word()))
                .mapEmpty();
    }

    /** Puts a message down until later. */
    Future<Void> again(SqlClient client, Claimed claimed, Duration pause) {
        return client.preparedQuery("""
                        UPDATE notice SET next_at = now() + make_interval(secs => $5::float8)
                        WHERE tenant_id = $1 AND vshard = $2 AND id = $3 AND state = 'waiting' AND attempts = $4
                        """)
                .execute(Tuple.of(
                        claimed.tenantId(),
                        Ids.shardOf(claimed.id()),
                        claimed.id(),
                        claimed.attempts(),
                        pause.toMillis() / 1_000.0))
                .mapEmpty();
    }

    /** The server fell silent: puts a message down until later, or drops it where it was the last time; whether it is dropped. */
    Future<Boolean> unsure(SqlClient client, Claimed claimed, Duration pause, int most) {
        return client.preparedQuery("""
                        UPDATE notice SET unsure = unsure + 1, next_at = now() + make_interval(secs => $5::float8),
                            state = CASE WHEN unsure + 1 >= $6::int THEN 'dropped' ELSE state END,
                            done_at = CASE WHEN unsure + 1 >= $6::int THEN now() END
                        WHERE tenant_id = $1 AND vshard = $2 AND id = $3 AND state = 'waiting' AND attempts = $4
                        RETURNING state = 'dropped' AS dropped
                        """)
                .execute(Tuple.of(
                        claimed.tenantId(),
                        Ids.shardOf(claimed.id()),
                        claimed.id(),
                        claimed.attempts(),
                        pause.toMillis() / 1_000.0,
                        most))
                .map(rows -> rows.size() > 0 && rows.iterator().next().getBoolean("dropped"));
    }

    /** What a message tells. */
    Future<Optional<Occurrence>> event(SqlClient client, Claimed claimed) {
        return client.preparedQuery("SELECT type, data, at FROM event WHERE tenant_id = $1 AND vshard = $2 AND id = $3")
                .execute(Tuple.of(claimed.tenantId(), Ids.shardOf(claimed.id()), claimed.id()))
                .map(rows -> {
                    for (Row row : rows) {
                        return Optional.of(NoticeEvents.of(
                                row.getString("type"),
                                row.getJsonObject("data"),
                                row.getOffsetDateTime("at").toInstant()));
                    }
                    return Optional.empty();
                });
    }

    /** Forgets messages about what happened before a moment, at most so many; how many it were. */
    Future<Integer> purge(SqlConnection connection, Instant before, int limit) {
        return connection
                .preparedQuery("""
                        DELETE FROM notice WHERE ctid = ANY (ARRAY(
                          SELECT ctid FROM notice WHERE at < least($1::timestamptz, now())
                          ORDER BY at LIMIT $2::int FOR UPDATE SKIP LOCKED))
                        """)
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> rows.rowCount());
    }
}
