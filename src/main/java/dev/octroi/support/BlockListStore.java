package dev.octroi.support;

import dev.octroi.drain.BlockList;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;

/** Keeps the versions of the block list. */
final class BlockListStore {
    /** The newest version, when it is newer than a known one. */
    Future<Optional<LoadedBlockList>> newerThan(SqlClient client, long version) {
        return client.preparedQuery("""
                        SELECT version, entries, reason, loaded_by, loaded_at FROM drain_block_list
                        WHERE version > $1 ORDER BY version DESC LIMIT 1
                        """)
                .execute(Tuple.of(version))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(list(rows.iterator().next())));
    }

    /** Adds a version after the newest; of two at once the second waits for the first. */
    Future<LoadedBlockList> add(SqlConnection connection, Set<String> entries, String reason, String by, Instant at) {
        return connection
                .query("SELECT pg_advisory_xact_lock(x'0C7239'::int)")
                .execute()
                .compose(locked -> insert(connection, entries, reason, by, at));
    }

    private static Future<LoadedBlockList> insert(
            SqlConnection connection, Set<String> entries, String reason, String by, Instant at) {
        return connection
                .preparedQuery("""
                        INSERT INTO drain_block_list (version, entries, reason, loaded_by, loaded_at)
                        SELECT coalesce(max(version), 0) + 1, $1::text[], $2::text, $3::text, $4::timestamptz
                        FROM drain_block_list
                        RETURNING version, entries, reason, loaded_by, loaded_at
                        """)
                .execute(Tuple.of(
                        entries.stream().sorted().toArray(String[]::new), reason, by, at.atOffset(ZoneOffset.UTC)))
                .map(rows -> list(rows.iterator().next()));
    }

    private static LoadedBlockList list(Row row) {
        return new LoadedBlockList(
                new BlockList(row.getLong("version"), Set.of(row.getArrayOfStrings("entries"))),
                row.getString("reason"),
                row.getString("loaded_by"),
                row.getOffsetDateTime("loaded_at").toInstant());
    }
}
