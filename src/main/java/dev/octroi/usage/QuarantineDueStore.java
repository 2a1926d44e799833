package dev.octroi.usage;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what may be released by itself, and deletes what is old. */
final class QuarantineDueStore {
    private static final Logger log = LoggerFactory.getLogger(QuarantineDueStore.class);

    /**
     * Claims records that wait for their time or their SIM, those that are due longest first. Each is due again when it has
     * waited half as long again, after a minute at least and six hours at most; one that gateways claim at once goes to one of
     * them. What cannot be read, of a gateway of another version, is left to people and holds no other up.
     */
    Future<List<QuarantineCounting.Numbered>> claim(SqlConnection connection, Instant now, int limit) {
        return connection
                .preparedQuery("""
                        UPDATE quarantine q
                        SET due_at = $1 + least(interval '6 hours', greatest(interval '1 minute', ($1 - q.received_at) / 2))
                        FROM (SELECT id FROM quarantine
                              WHERE resolved_at IS NULL AND reason IN ('in_future', 'unknown_subscriber')
                                AND coalesce(due_at, received_at) <= $1
                              ORDER BY coalesce(due_at, received_at) LIMIT $2 FOR UPDATE SKIP LOCKED) AS due
                        WHERE q.id = due.id
                        RETURNING q.id_kind, q.id_hash, q.source, q.key, q.record, q.received_at,
                                  coalesce(q.feed_tenant, 0), q.id
                        """)
                .execute(Tuple.of(now.atOffset(ZoneOffset.UTC), limit))
                .compose(rows -> {
                    List<QuarantineCounting.Numbered> due = new ArrayList<>();
                    List<Long> unreadable = new ArrayList<>();
                    for (Row row : rows) {
                        try {
                            due.add(new QuarantineCounting.Numbered(row.getLong(7), QuarantineStore.waiting(row)));
                        } catch (RuntimeException e) {
                            log.warn(
                                    "a record in quarantine cannot be read: {}",
                                    e.getClass().getSimpleName());
                            unreadable.add(row.getLong(7));
                        }
                    }
                    return unreadable.isEmpty()
                            ? Future.succeededFuture(due)
                            : leaveToPeople(connection, unreadable).map(due);
                });
    }

    /** Looks at records no more: only somebody's act releases them. */
    Future<Void> leaveToPeople(SqlConnection connection, List<Long> ids) {
        return connection
                .preparedQuery("""
                        UPDATE quarantine SET due_at = 'infinity' WHERE id = ANY($1)
                        """)
                .execute(Tuple.of(ids.toArray(Long[]::new)))
                .mapEmpty();
    }

    /** Notes what was counted. What somebody dropped meanwhile was counted all the same. */
    Future<Integer> released(SqlConnection connection, List<Long> ids, Instant at) {
        return connection
                .preparedQuery("""
                        UPDATE quarantine SET resolution = 'released', resolved_at = $2, by_itself = true
                        WHERE id = ANY($1) AND (resolved_at IS NULL OR resolution = 'dropped')
                        """)
                .execute(Tuple.of(ids.toArray(Long[]::new), at.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount());
    }

    /** Deletes what came before a moment, resolved or not; at most so many, how many those were. */
    Future<Integer> forget(SqlConnection connection, Instant before, int limit) {
        return connection
                .preparedQuery("""
                        DELETE FROM quarantine WHERE id IN (
                            SELECT id FROM quarantine WHERE received_at < $1 ORDER BY received_at LIMIT $2
                            FOR UPDATE SKIP LOCKED)
                        """)
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> rows.rowCount());
    }
}
