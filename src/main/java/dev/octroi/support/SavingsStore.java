package dev.octroi.support;

import dev.octroi.db.ArrayColumns;
import dev.octroi.drain.Savings;
import dev.octroi.policy.Level;
import dev.octroi.quota.account.DrainHold;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an estimate of saved bytes is made from, and where it is kept. */
final class SavingsStore {
    /** More moves of the holds of one incident are of no use to an estimate. */
    private static final int MAX_MOVES = 500;

    /**
     * An alarm whose estimate is due.
     *
     * @param estimateAfter since when it is; tells whether it was told, answered or estimated anew meanwhile
     * @param savedBytes what was estimated before
     */
    record Due(
            int tenantId,
            short vshard,
            long id,
            long accountId,
            int incident,
            String category,
            long openedStakeBytes,
            Instant since,
            Instant openedAt,
            boolean meant,
            long savedBytes,
            Instant estimateAfter) {}

    /**
     * One beginning, change or end of a hold.
     *
     * @param level null: it ended
     * @param kbps what passes, of both directions together
     * @param until when it ends by itself
     * @param leftBytes what was left of the volume
     */
    record Move(Instant at, String id, @Nullable Level level, long kbps, Optional<Instant> until, long leftBytes) {}

    /** Alarms that are due, the longest first. One whose stake was not kept when it was told is never due. */
    Future<List<Due>> due(SqlClient connection, Instant now, int limit) {
        return connection
                .preparedQuery("""
                        SELECT a.tenant_id, a.vshard, a.id, o.id AS account_id, a.incident, a.category, a.opened_stake_bytes,
                               a.since, a.opened_at, coalesce(a.meant, a.state = 'dismissed') AS meant, a.saved_bytes,
                               a.estimate_after
                        FROM alarm a
                        JOIN account o
                          ON o.tenant_id = a.tenant_id AND o.vshard = a.vshard
                            AND o.subscription_id = a.subscription_id
                        WHERE a.estimate_after <= $1 AND a.opened_stake_bytes IS NOT NULL
                        ORDER BY a.estimate_after LIMIT $2
                        """)
                .execute(Tuple.of(time(now), limit))
                .map(rows -> ArrayColumns.list(rows, SavingsStore::due));
    }

    /** How the holds of its incident moved, from when it was told on. */
    Future<List<Move>> moves(SqlClient connection, Due alarm) {
        return connection
                .preparedQuery("""
                        SELECT at, id, held, level, down_kbps, up_kbps, until_at, inputs
                        FROM restriction_log
                        WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3 AND at >= $4
                          AND (id = $5 OR starts_with(id, $5 || '.'))
                        ORDER BY at, seq LIMIT $6
                        """)
                .execute(Tuple.of(
                        alarm.vshard(),
                        alarm.tenantId(),
                        alarm.accountId(),
                        time(alarm.openedAt()),
                        DrainHold.id(alarm.incident()),
                        MAX_MOVES))
                .map(rows -> ArrayColumns.list(rows, SavingsStore::move));
    }

    /**
     * Bytes counted within times.
     *
     * @param pieces 1 or more, in order
     * @param ofCategory those of the alarm's category only
     */
    Future<Long> passed(SqlClient connection, Due alarm, List<Savings.Piece> pieces, boolean ofCategory) {
        LocalDate first = day(pieces.getFirst().from());
        LocalDate last = day(pieces.getLast().to());
        return connection
                .preparedQuery("""
                        SELECT coalesce(sum(delta_bytes), 0)::bigint AS bytes
                        FROM ledger l
                        WHERE day BETWEEN $3 AND $4 AND tenant_id = $1 AND account_id = $2
                          AND ($7::text IS NULL OR category = $7)
                          AND EXISTS (SELECT FROM unnest($5::timestamptz[], $6::timestamptz[]) AS p (start, stop)
                                      WHERE l.event_at > p.start AND l.event_at <= p.stop)
                        """)
                .execute(Tuple.tuple()
                        .addValue(alarm.tenantId())
                        .addValue(alarm.accountId())
                        .addValue(first)
                        .addValue(last)
                        .addValue(pieces.stream().map(each -> time(each.from())).toArray(OffsetDateTime[]::new))
                        .addValue(pieces.stream().map(each -> time(each.to())).toArray(OffsetDateTime[]::new))
                        .addValue(ofCategory ? alarm.category() : null))
                .map(rows -> rows.iterator().next().getLong("bytes"));
    }

    /**
     * Keeps an estimate, unless the alarm was told, answered or estimated anew meanwhile.
     *
     * @param next when to look again; empty: never
     * @return whether it was kept
     */
    Future<Boolean> keep(SqlClient connection, Due alarm, long savedBytes, Optional<Instant> next) {
        return connection
                .preparedQuery("""
                        UPDATE alarm SET saved_bytes = $5, estimate_after = $6
                        WHERE tenant_id = $1 AND vshard = $2 AND id = $3 AND estimate_after = $4
                        """)
                .execute(Tuple.of(alarm.tenantId(), alarm.vshard(), alarm.id(), time(alarm.estimateAfter()))
                        .addValue(savedBytes)
                        .addValue(next.map(SavingsStore::time).orElse(null)))
                .map(rows -> rows.rowCount() == 1);
    }

    private static Due due(Row row) {
        return new Due(
                row.getInteger("tenant_id"),
                row.getShort("vshard"),
                row.getLong("id"),
                row.getLong("account_id"),
                row.getInteger("incident"),
                row.getString("category"),
                row.getLong("opened_stake_bytes"),
                row.getOffsetDateTime("since").toInstant(),
                row.getOffsetDateTime("opened_at").toInstant(),
                row.getBoolean("meant"),
                row.getLong("saved_bytes"),
                row.getOffsetDateTime("estimate_after").toInstant());
    }

    private static Move move(Row row) {
        Integer down = row.getInteger("down_kbps");
        Integer up = row.getInteger("up_kbps");
        OffsetDateTime until = row.getOffsetDateTime("until_at");
        JsonObject inputs = row.getJsonObject("inputs");
        return new Move(
                row.getOffsetDateTime("at").toInstant(),
                row.getString("id"),
                row.getBoolean("held") ? Level.valueOf(row.getString("level")) : null,
                (down == null ? 0L : down) + (up == null ? 0L : up),
                Optional.ofNullable(until).map(OffsetDateTime::toInstant),
                inputs.getLong("remainingBytes", 0L));
    }

    private static OffsetDateTime time(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }
}
