package dev.octroi.callback.outbox;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Counts what is not yet confirmed, and forgets what is long done. */
final class BacklogStore {
    private static final int MOST_COUNTED = 100_000;
    private static final String[] STREAMS =
            Arrays.stream(Stream.values()).map(Stream::sqlName).toArray(String[]::new);

    private final int mostCounted;

    BacklogStore() {
        this(MOST_COUNTED);
    }

    /** @param mostCounted rows of a stream that are counted at most */
    BacklogStore(int mostCounted) {
        this.mostCounted = mostCounted;
    }

    /** So many of each stream at most, apart: a long row of one hides no other. */
    Future<Map<Stream, Long>> count(Pool pool) {
        return pool.preparedQuery("""
                        SELECT s.stream, p.rows
                        FROM unnest($1::text[]) AS s (stream)
                        CROSS JOIN LATERAL (
                            SELECT count(*) AS rows
                            FROM (SELECT FROM outbox WHERE state = 'pending' AND stream = s.stream LIMIT $2) o) AS p
                        WHERE p.rows > 0
                        """).execute(Tuple.of(STREAMS, mostCounted)).map(rows -> {
            Map<Stream, Long> counts = new EnumMap<>(Stream.class);
            for (Row row : rows) {
                counts.put(Stream.ofSql(row.getString("stream")), row.getLong("rows"));
            }
            return counts;
        });
    }

    /** What is kept for some time only, each in a table of its own. */
    enum Kept {
        /** Attempts to deliver, for 30 days. */
        ATTEMPTS("""
                DELETE FROM delivery WHERE ctid = ANY (ARRAY(
                  SELECT ctid FROM delivery WHERE at < least($1, now()) - make_interval(days => 30)
                  ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED))
                """),
        /** Rows of the outbox that are finished, for 90 days. */
        FINISHED("""
                DELETE FROM outbox WHERE ctid = ANY (ARRAY(
                  SELECT ctid FROM outbox WHERE done_at < least($1, now()) - make_interval(days => 90)
                  ORDER BY done_at LIMIT $2 FOR UPDATE SKIP LOCKED))
                """),
        /** Events, for 400 days. */
        EVENTS("""
                DELETE FROM event WHERE ctid = ANY (ARRAY(
                  SELECT ctid FROM event WHERE at < least($1, now()) - make_interval(days => 400)
                  ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED))
                """);

        private final String sql;

        Kept(String sql) {
            this.sql = sql;
        }
    }

    /**
     * Forgets what was kept long enough, so many rows at once that no lock is long; how many those were. A row that others
     * hold is left for the next time. What has been deleted does not come back: a clock that is ahead of the database's does
     * not count.
     */
    Future<Integer> prune(SqlConnection connection, Kept kept, Instant now, int limit) {
        return connection
                .preparedQuery(kept.sql)
                .execute(Tuple.of(now.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> rows.rowCount());
    }
}
