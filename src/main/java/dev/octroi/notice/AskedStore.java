package dev.octroi.notice;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;

/** Addresses that were asked, by their keyed hash, over all tenants. */
final class AskedStore {
    /**
     * Whether an address may be asked once more, which is noted; others wait until the transaction ends.
     *
     * @param dayBefore a day ago: what was asked before does not count
     * @param refusedBefore who refused after that is not asked
     * @param max how often in a day
     */
    Future<Boolean> ask(
            SqlConnection connection, byte[] index, Instant now, Instant dayBefore, Instant refusedBefore, int max) {
        return connection
                .preparedQuery("""
                        INSERT INTO notice_asked AS a (address_index, asked, since) VALUES ($1, 1, $2)
                        ON CONFLICT (address_index) DO UPDATE SET
                            asked = CASE WHEN a.since <= $3 THEN 1 ELSE a.asked + 1 END,
                            since = CASE WHEN a.since <= $3 THEN $2 ELSE a.since END,
                            refused_at = NULL
                        WHERE (a.refused_at IS NULL OR a.refused_at <= $4) AND (a.since <= $3 OR a.asked < $5)
                        """)
                .execute(Tuple.tuple()
                        .addBuffer(Buffer.buffer(index))
                        .addOffsetDateTime(now.atOffset(ZoneOffset.UTC))
                        .addOffsetDateTime(dayBefore.atOffset(ZoneOffset.UTC))
                        .addOffsetDateTime(refusedBefore.atOffset(ZoneOffset.UTC))
                        .addShort((short) max))
                .map(rows -> rows.rowCount() > 0);
    }

    /** The reader of an address wants to hear no more of it. */
    Future<Void> refuse(SqlConnection connection, byte[] index, Instant now) {
        return connection
                .preparedQuery("""
                        INSERT INTO notice_asked AS a (address_index, asked, since, refused_at) VALUES ($1, 0, $2, $2)
                        ON CONFLICT (address_index) DO UPDATE SET refused_at = $2
                        """)
                .execute(Tuple.of(Buffer.buffer(index), now.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /** Forgets what bounds nothing any more; at most so many, how many it were. */
    Future<Integer> purge(SqlConnection connection, Instant dayBefore, Instant refusedBefore, int limit) {
        return connection
                .preparedQuery("""
                        DELETE FROM notice_asked WHERE address_index IN (
                            SELECT address_index FROM notice_asked
                            WHERE since < $1 AND (refused_at IS NULL OR refused_at < $2)
                            LIMIT $3::int FOR UPDATE SKIP LOCKED)
                        """)
                .execute(Tuple.of(dayBefore.atOffset(ZoneOffset.UTC), refusedBefore.atOffset(ZoneOffset.UTC), limit))
                .map(rows -> rows.rowCount());
    }
}
