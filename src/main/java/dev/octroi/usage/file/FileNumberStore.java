package dev.octroi.usage.file;

import dev.octroi.usage.file.FileOutcome.Missing;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Remembers the numbers of files that came, and tells which between them did not. Where a number begins anew it goes on at the
 * next place: of the places at which it may stand it takes the one that is nearest to the highest so far. Numbers that are not
 * written with as many digits each do not begin anew. A number far below all that are remembered is of a file that is put back after
 * its own was forgotten: between the two nothing is missing.
 */
final class FileNumberStore {
    /** A gap is told for as long; then nobody will send the file any more. */
    static final Duration REMEMBER = Duration.ofDays(60);

    /** So far below the lowest that is remembered a file may be one that came late. */
    private static final long LATE_FILES = 100;

    /** Notes a file that came, whatever became of it; forgets those of long ago. */
    Future<Void> note(SqlClient connection, String source, FileSequence sequence, Instant at) {
        return connection
                .preparedQuery("DELETE FROM usage_file_number WHERE source = $1 AND seen_at < $2")
                .execute(Tuple.of(source, at.minus(REMEMBER).atOffset(ZoneOffset.UTC)))
                .compose(forgotten -> connection
                        .preparedQuery("""
                                INSERT INTO usage_file_number (source, stream, place, digits, seen_at)
                                SELECT $1, $2, place, $5, $6
                                FROM (SELECT lowest,
                                             CASE WHEN ahead IS NULL THEN $3
                                                  WHEN ahead > $4::bigint / 2 THEN highest + ahead - $4::bigint
                                                  ELSE highest + ahead END AS place
                                      FROM (SELECT lowest, highest, mod(mod($3 - highest, round) + round, round) AS ahead
                                            FROM (SELECT min(place) AS lowest, max(place) AS highest,
                                                         CASE WHEN bool_and(digits = $5) THEN nullif($4::bigint, 0) END AS round
                                                  FROM usage_file_number
                                                  WHERE source = $1 AND stream = $2) AS known) AS distant) AS placed
                                WHERE lowest IS NULL OR place >= lowest - $7
                                ON CONFLICT DO NOTHING
                                """)
                        .execute(Tuple.of(
                                source,
                                sequence.stream(),
                                sequence.number(),
                                sequence.round(),
                                (short) sequence.digits(),
                                at.atOffset(ZoneOffset.UTC),
                                LATE_FILES)))
                .mapEmpty();
    }

    /** Which numbers are missing within the streams of a source; at most 1,000 stretches. */
    Future<List<Missing>> missing(SqlClient connection, String source, Instant now) {
        return connection
                .preparedQuery("""
                        SELECT stream, digits, place + 1, next - 1, least = most
                        FROM (SELECT stream, digits, place,
                                     min(digits) OVER (PARTITION BY stream) AS least,
                                     max(digits) OVER (PARTITION BY stream) AS most,
                                     lead(place) OVER (PARTITION BY stream ORDER BY place) AS next
                              FROM usage_file_number WHERE source = $1 AND seen_at >= $2) AS pairs
                        WHERE next > place + 1
                        ORDER BY stream, place LIMIT 1000
                        """)
                .execute(Tuple.of(source, now.minus(REMEMBER).atOffset(ZoneOffset.UTC)))
                .map(rows -> {
                    List<Missing> missing = new ArrayList<>();
                    for (Row row : rows) {
                        FileSequence first = new FileSequence(row.getString(0), row.getLong(2), row.getShort(1));
                        long last = row.getLong(3);
                        missing.addAll(
                                row.getBoolean(4)
                                        ? first.upTo(last)
                                        : List.of(new Missing(first.stream(), first.number(), last)));
                    }
                    return missing;
                });
    }
}
