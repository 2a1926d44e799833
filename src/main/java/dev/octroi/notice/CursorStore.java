package dev.octroi.notice;

import dev.octroi.db.ArrayColumns;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far the events of each tenant were read, and the reading. */
final class CursorStore {
    /** Before the number of any transaction, also of those in a cluster before this one. */
    private static final long FIRST = Long.MIN_VALUE;

    /**
     * An event in the order of the feed.
     *
     * @param told what it says and to whom; null where nobody is to be told
     */
    record Read(long id, @Nullable Told told) {}

    /** An event of a subscription with a confirmed address. */
    record Told(
            String type,
            long subscriptionId,
            JsonObject data,
            Instant at,
            long channelNumber,
            List<String> muted,
            int maxPerDay) {}

    /** Has a tenant's events read from now on, if they are not already. */
    Future<Void> begin(SqlConnection connection, int tenantId) {
        return connection.preparedQuery("""
                        INSERT INTO notice_cursor (tenant_id, event_id)
                        SELECT $1::int, coalesce((
                            SELECT id FROM event
                            WHERE tenant_id = $1::int AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                            ORDER BY txid DESC, id DESC LIMIT 1), 0)
                        ON CONFLICT DO NOTHING
                        """).execute(Tuple.of(tenantId)).mapEmpty();
    }

    /** The tenants whose events are read. */
    Future<List<Integer>> tenants(SqlClient client) {
        return client.preparedQuery("SELECT tenant_id FROM notice_cursor ORDER BY tenant_id")
                .execute()
                .map(rows -> ArrayColumns.list(rows, row -> row.getInteger(0)));
    }

    /** The last event of a tenant that was read, for one reader at a time; empty while another gateway reads. */
    Future<Optional<Long>> lock(SqlConnection connection, int tenantId) {
        return connection
                .preparedQuery("SELECT event_id FROM notice_cursor WHERE tenant_id = $1 FOR UPDATE SKIP LOCKED")
                .execute(Tuple.of(tenantId))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getLong(0)));
    }

    /** Notes how far a tenant's events were read. */
    Future<Void> move(SqlConnection connection, int tenantId, long eventId) {
        return connection
                .preparedQuery("UPDATE notice_cursor SET event_id = $2 WHERE tenant_id = $1")
                .execute(Tuple.of(tenantId, eventId))
                .mapEmpty();
    }

    /**
     * The events after one, in the order of the feed, which stops before the oldest transaction that still runs: none is ever written
     * behind the reader. Where the event is gone, all of them: what was told already has its row.
     *
     * @param types that may be told
     * @param since older ones are not
     */
    Future<List<Read>> page(
            SqlConnection connection, int tenantId, long after, Set<String> types, Instant since, int limit) {
        return position(connection, tenantId, after)
                .compose(txid -> connection
                        .preparedQuery("""
                                SELECT e.id, e.type, e.subject_id, e.at, c.number, c.muted, c.max_per_day,
                                    CASE WHEN c.number IS NOT NULL THEN e.data END AS data
                                FROM (
                                  SELECT vshard, id, txid, type, subject_id, data, at FROM event
                                  WHERE tenant_id = $1 AND (txid, id) > ($2::bigint, $3::bigint)
                                    AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                                  ORDER BY txid, id LIMIT $4::int) e
                                LEFT JOIN notice_channel c ON c.tenant_id = $1 AND c.vshard = e.vshard
                                  AND c.subscription_id = e.subject_id AND c.state = 'confirmed' AND c.confirmed_at <= e.at
                                  AND e.type = ANY ($5::text[]) AND e.at > $6::timestamptz
                                ORDER BY e.txid, e.id
                                """)
                        .execute(Tuple.tuple()
                                .addInteger(tenantId)
                                .addLong(txid)
                                .addLong(after)
                                .addInteger(limit)
                                .addArrayOfString(types.toArray(String[]::new))
                                .addOffsetDateTime(since.atOffset(ZoneOffset.UTC))))
                .map(rows -> ArrayColumns.list(rows, row -> new Read(row.getLong("id"), told(row))));
    }

    private static Future<Long> position(SqlConnection connection, int tenantId, long event) {
        return connection
                .preparedQuery("SELECT txid FROM event WHERE tenant_id = $1 AND vshard = $2 AND id = $3")
                .execute(Tuple.of(tenantId, Ids.shardOf(event), event))
                .map(rows -> rows.size() == 0 ? FIRST : rows.iterator().next().getLong(0));
    }

    private static @Nullable Told told(Row row) {
        Long number = row.getLong("number");
        return number == null
                ? null
                : new Told(
                        row.getString("type"),
                        row.getLong("subject_id"),
                        row.getJsonObject("data"),
                        row.getOffsetDateTime("at").toInstant(),
                        number,
                        List.of(row.getArrayOfStrings("muted")),
                        row.getShort("max_per_day"));
    }
}
