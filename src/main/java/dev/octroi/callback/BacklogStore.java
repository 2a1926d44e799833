package dev.octroi.callback;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;

/** Counts what is not yet confirmed, and forgets what is long done. */
final class BacklogStore {
    private static final int ATTEMPTS_DAYS = 30;
    private static final int ROWS_DAYS = 90;
    private static final int EVENTS_DAYS = 400;

    Future<Map<Stream, Long>> count(Pool pool) {
        return pool.preparedQuery("""
                        SELECT stream, count(*) AS rows
                        FROM (SELECT stream FROM outbox WHERE state = 'pending' LIMIT 100000) p
                        GROUP BY stream
                        """).execute().map(rows -> {
            Map<Stream, Long> counts = new EnumMap<>(Stream.class);
            for (Row row : rows) {
                counts.put(Stream.ofSql(row.getString("stream")), row.getLong("rows"));
            }
            return counts;
        });
    }

    /**
     * Forgets old attempts (30 days), finished rows (90 days) and events (400 days), at most 10,000 of each at a time, so
     * that the tables stay bounded and no lock is long. A row that others hold is left for the next time. What has been
     * deleted does not come back: a clock that is ahead of the database's does not count.
     */
    Future<Void> prune(SqlConnection connection, Instant now) {
        return connection
                .preparedQuery("""
                        WITH attempts AS (
                          DELETE FROM delivery WHERE ctid = ANY (ARRAY(
                            SELECT ctid FROM delivery WHERE at < least($1, now()) - make_interval(days => $2)
                            ORDER BY at LIMIT 10000 FOR UPDATE SKIP LOCKED))
                        ), finished AS (
                          DELETE FROM outbox WHERE ctid = ANY (ARRAY(
                            SELECT ctid FROM outbox WHERE done_at < least($1, now()) - make_interval(days => $3)
                            ORDER BY done_at LIMIT 10000 FOR UPDATE SKIP LOCKED))
                        )
                        DELETE FROM event WHERE ctid = ANY (ARRAY(
                          SELECT ctid FROM event WHERE at < least($1, now()) - make_interval(days => $4)
                          ORDER BY at LIMIT 10000 FOR UPDATE SKIP LOCKED))
                        """)
                .execute(Tuple.of(now.atOffset(ZoneOffset.UTC), ATTEMPTS_DAYS, ROWS_DAYS, EVENTS_DAYS))
                .mapEmpty();
    }
}
