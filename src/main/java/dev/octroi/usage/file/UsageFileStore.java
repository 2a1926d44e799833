package dev.octroi.usage.file;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers which files came, and which were read to their end. */
final class UsageFileStore {
    /**
     * The same content of a source, which came before.
     *
     * @param name under which it came first
     * @param complete whether it was read to its end and none of its rows was rejected
     */
    record Earlier(String name, boolean complete) {}

    /** Whether the same content of a source came before. */
    Future<Optional<Earlier>> find(SqlClient connection, String source, byte[] digest) {
        return connection
                .preparedQuery("""
                        SELECT name, rejected = 0 FROM usage_file WHERE source = $1 AND digest = $2
                        """)
                .execute(Tuple.of(source, Buffer.buffer(digest)))
                .map(rows -> {
                    for (Row row : rows) {
                        return Optional.of(new Earlier(row.getString(0), row.getBoolean(1)));
                    }
                    return Optional.empty();
                });
    }

    /** Notes a file that is about to be counted. Until it is read to its end, its rows stand there as not taken. */
    Future<Void> begin(SqlClient connection, String source, String name, FileFacts facts, Instant at) {
        return connection
                .preparedQuery("""
                        INSERT INTO usage_file (source, digest, name, size_bytes, rejected, finished_at)
                        VALUES ($1, $2, $3, $4, $5, $6)
                        ON CONFLICT (source, digest) DO NOTHING
                        """)
                .execute(Tuple.of(
                        source,
                        Buffer.buffer(facts.digest()),
                        name,
                        facts.sizeBytes(),
                        Math.max(1, facts.rows()),
                        at.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /** Notes a file that was read to its end; once more changes something only where rows were rejected before. */
    Future<Void> finish(
            SqlClient connection,
            String source,
            String name,
            @Nullable FileSequence sequence,
            FileFacts facts,
            FileTally tally,
            Instant at) {
        return connection
                .preparedQuery("""
                        INSERT INTO usage_file (source, digest, name, stream, sequence, size_bytes, counted, duplicate,
                                                quarantined, rejected, finished_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                        ON CONFLICT (source, digest) DO UPDATE
                        SET stream = EXCLUDED.stream, sequence = EXCLUDED.sequence,
                            counted = EXCLUDED.counted, duplicate = EXCLUDED.duplicate,
                            quarantined = EXCLUDED.quarantined, rejected = EXCLUDED.rejected,
                            finished_at = EXCLUDED.finished_at
                        WHERE usage_file.rejected > 0
                        """)
                .execute(Tuple.from(Arrays.asList(
                        source,
                        Buffer.buffer(facts.digest()),
                        name,
                        sequence == null ? null : sequence.stream(),
                        sequence == null ? null : sequence.number(),
                        facts.sizeBytes(),
                        tally.counted(),
                        tally.duplicate(),
                        tally.quarantined(),
                        tally.rejected(),
                        at.atOffset(ZoneOffset.UTC))))
                .mapEmpty();
    }
}
