package dev.octroi.db;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;

/** The database's clock. */
final class ClockStore {
    /** What it says now, not when a transaction began. */
    Future<Instant> now(SqlClient client) {
        return client.preparedQuery("""
                        SELECT clock_timestamp()
                        """)
                .execute()
                .map(rows -> rows.iterator().next().getOffsetDateTime(0).toInstant());
    }
}
