package dev.octroi.callback;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.EnumMap;
import java.util.Map;

/** Counts what is not yet confirmed. */
final class BacklogStore {
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
}
