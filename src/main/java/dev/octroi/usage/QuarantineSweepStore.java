package dev.octroi.usage;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds and resolves several quarantined records at once. */
final class QuarantineSweepStore {
    /**
     * A record that waits.
     *
     * @param id its number
     * @param waiting what it needs to be counted; null where nobody can read it
     */
    record Found(long id, QuarantineStore.@Nullable Waiting waiting) {}

    /** The next records of a tenant that wait, in the order of their numbers; tenant 0 stands for all. */
    Future<List<Found>> find(SqlConnection connection, int tenantId, QuarantineFilter filter, long afterId, int limit) {
        return connection
                .preparedQuery("""
                        SELECT id_kind, id_hash, source, key, record, received_at, coalesce(feed_tenant, 0), id,
                               record ->> 'meaning' IS NOT NULL
                        FROM quarantine
                        WHERE coalesce(resolution, 'waiting') = 'waiting' AND id > $2
                          AND ($1::int = 0 OR tenant_id = $1)
                          AND ($3::text IS NULL OR source = $3) AND ($4::text IS NULL OR reason = $4)
                        ORDER BY id LIMIT $5
                        """)
                .execute(Tuple.of(tenantId, afterId, filter.source(), filter.fault(), limit))
                .map(rows -> {
                    List<Found> found = new ArrayList<>();
                    for (Row row : rows) {
                        found.add(new Found(row.getLong(7), row.getBoolean(8) ? QuarantineStore.waiting(row) : null));
                    }
                    return found;
                });
    }

    /** Notes what was done with records, as for one of them; the tenants of those for which that was not noted before. */
    Future<Map<Long, Integer>> resolve(
            SqlConnection connection, List<Long> ids, QuarantinedRecord.Status status, Instant at) {
        return connection
                .preparedQuery("""
                        UPDATE quarantine SET resolution = $2, resolved_at = $3
                        WHERE id = ANY($1) AND (resolved_at IS NULL OR ($2 = 'released' AND resolution = 'dropped'))
                        RETURNING id, tenant_id
                        """)
                .execute(Tuple.of(ids.toArray(Long[]::new), status.word(), at.atOffset(ZoneOffset.UTC)))
                .map(rows -> {
                    Map<Long, Integer> tenants = new LinkedHashMap<>();
                    for (Row row : rows) {
                        tenants.put(row.getLong(0), row.getInteger(1));
                    }
                    return tenants;
                });
    }
}
