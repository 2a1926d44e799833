package dev.octroi.subscription;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * The timeline of a subscription, read from the event log: whatever changes a subscription writes its event in the
 * same transaction, so the log is whole.
 */
public final class TimelineStore {

    /**
     * Entries, newest first, of those before a place; within the caller's tenant transaction.
     *
     * @param before only entries before this moment, or at it with a smaller identifier than {@code beforeId}
     */
    public Future<List<TimelineEntry>> list(
            SqlConnection connection, int tenantId, long subscriptionId, Instant before, long beforeId, int limit) {
        return connection
                .preparedQuery("""
                        SELECT id, at, type, data FROM event
                        WHERE tenant_id = $1 AND vshard = $2 AND subject_id = $3 AND (at, id) < ($4, $5)
                        ORDER BY at DESC, id DESC LIMIT $6
                        """)
                .execute(Tuple.of(
                        tenantId,
                        Ids.shardOf(subscriptionId),
                        subscriptionId,
                        before.atOffset(ZoneOffset.UTC),
                        beforeId,
                        limit))
                .map(TimelineStore::entries);
    }

    /** The last steps of the download and reports of the card, newest first; within the caller's tenant transaction. */
    public Future<List<TimelineEntry>> steps(SqlConnection connection, int tenantId, long subscriptionId, int limit) {
        return connection
                .preparedQuery("""
                        SELECT id, at, type, data FROM event
                        WHERE tenant_id = $1 AND vshard = $2 AND subject_id = $3 AND type LIKE 'profile.%'
                        ORDER BY at DESC, id DESC LIMIT $4
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId, limit))
                .map(TimelineStore::entries);
    }

    private static List<TimelineEntry> entries(RowSet<Row> rows) {
        List<TimelineEntry> entries = new ArrayList<>(rows.size());
        rows.forEach(row -> entries.add(new TimelineEntry(
                row.getLong("id"),
                row.getOffsetDateTime("at").toInstant(),
                row.getString("type"),
                row.getJsonObject("data").getMap())));
        return entries;
    }
}
