package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.OfAccount;
import dev.octroi.quota.account.SessionMark;
import dev.octroi.quota.account.UsageRecord;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Asks what is known already: records that were counted, sessions that were seen. */
final class KnownStore {
    /**
     * Which records of a batch are in the ledger: one statement for each day, so that it looks into one partition, and one
     * index look-up for each record by a lateral subquery, whatever the planner thinks of arrays.
     *
     * @return places in the list
     */
    Future<Set<Integer>> counted(SqlConnection connection, List<OfAccount<UsageRecord>> records) {
        Map<LocalDate, List<Integer>> byDay = new HashMap<>();
        for (int i = 0; i < records.size(); i++) {
            LocalDate day = EffectStore.day(records.get(i).value().eventEnd());
            byDay.computeIfAbsent(day, key -> new ArrayList<>()).add(i);
        }
        Set<Integer> known = new HashSet<>();
        List<Future<?>> asked = new ArrayList<>();
        byDay.forEach((day, places) -> asked.add(countedOn(connection, day, records, places)
                .onSuccess(rows -> rows.forEach(row -> known.add(row.getInteger(0))))));
        return Future.all(asked).map(known);
    }

    /**
     * Which of records whose names come but once in their account are in the ledger, on whatever day within some.
     *
     * @param last the last day; each is asked for apart, as above
     * @return places in the list
     */
    Future<Set<Integer>> countedWithin(
            SqlConnection connection, List<OfAccount<UsageRecord>> records, LocalDate first, LocalDate last) {
        if (records.isEmpty()) {
            return Future.succeededFuture(Set.of());
        }
        List<Integer> places = IntStream.range(0, records.size()).boxed().toList();
        Set<Integer> known = new HashSet<>();
        List<Future<?>> asked = first.datesUntil(last.plusDays(1))
                .<Future<?>>map(day -> countedOn(connection, day, records, places)
                        .onSuccess(rows -> rows.forEach(row -> known.add(row.getInteger(0)))))
                .toList();
        return Future.all(asked).map(known);
    }

    private static Future<RowSet<Row>> countedOn(
            SqlConnection connection, LocalDate day, List<OfAccount<UsageRecord>> records, List<Integer> places) {
        Columns<Integer> columns = new Columns<>(
                        places, place -> records.get(place).key())
                .texts(place -> records.get(place).value().source())
                .texts(place -> records.get(place).value().key())
                .ints(place -> place);
        return connection.preparedQuery("""
                        SELECT r.place
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::text[], $5::text[], $6::int[])
                             AS r (vshard, tenant_id, account_id, source, key, place)
                        CROSS JOIN LATERAL (
                            SELECT 1 FROM ledger l
                            WHERE l.day = $7::date AND l.vshard = r.vshard AND l.tenant_id = r.tenant_id
                              AND l.account_id = r.account_id AND l.source = r.source AND l.key = r.key
                            LIMIT 1) AS known
                        """).execute(columns.tuple().addValue(day));
    }

    /** The marks of sessions by account and session name; those never seen are left out. */
    Future<Map<AccountKey, Map<String, SessionMark>>> sessions(
            SqlConnection connection, List<OfAccount<String>> wanted) {
        if (wanted.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        Columns<OfAccount<String>> columns = new Columns<>(wanted, OfAccount::key).texts(OfAccount::value);
        return connection.preparedQuery("""
                        SELECT s.tenant_id, s.account_id, s.session, s.up_bytes, s.down_bytes, s.last_event_at,
                               s.remaining, s.begun_at
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::text[])
                             AS w (vshard, tenant_id, account_id, session)
                        JOIN account_session s ON s.vshard = w.vshard AND s.tenant_id = w.tenant_id
                          AND s.account_id = w.account_id AND s.session = w.session
                        """).execute(columns.tuple()).map(rows -> {
            Map<AccountKey, Map<String, SessionMark>> marks = new HashMap<>();
            for (Row row : rows) {
                marks.computeIfAbsent(new AccountKey(row.getInteger(0), row.getLong(1)), key -> new HashMap<>())
                        .put(
                                row.getString(2),
                                new SessionMark(
                                        row.getLong(3),
                                        row.getLong(4),
                                        row.getOffsetDateTime(5).toInstant(),
                                        RemainingRows.read(row.getString(6)),
                                        begunAt(row.getOffsetDateTime(7))));
            }
            return marks;
        });
    }

    private static Instant begunAt(@Nullable OffsetDateTime column) {
        return column == null ? Instant.MIN : column.toInstant();
    }
}
