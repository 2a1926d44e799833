package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.LedgerEntry;
import dev.octroi.quota.account.LedgerPlace;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Reads the ledger of one account. */
final class LedgerReadStore {
    /**
     * Rows in the order of day, source and key, within the tenant's transaction.
     *
     * @param after only rows after this place
     * @param to last day, included
     * @param charged true: only rows that cost something
     */
    Future<List<LedgerEntry>> rows(
            SqlClient connection, AccountKey key, LedgerPlace after, LocalDate to, boolean charged, int limit) {
        return connection
                .preparedQuery("""
                        SELECT day, source, key, delta_bytes, up_bytes, down_bytes, charged_bytes, charged_minor,
                               event_at, received_at, zone, category, plmn
                        FROM ledger
                        WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3 AND day >= $4 AND day <= $7
                          AND (day, source, key) > ($4, $5, $6) AND ($8 = false OR charged_minor > 0)
                        ORDER BY day, source, key LIMIT $9
                        """)
                .execute(Tuple.of(key.vshard(), key.tenantId(), key.accountId(), after.day())
                        .addValue(after.source())
                        .addValue(after.key())
                        .addValue(to)
                        .addValue(charged)
                        .addValue(limit))
                .map(rows -> {
                    List<LedgerEntry> entries = new ArrayList<>();
                    rows.forEach(row -> entries.add(entry(row)));
                    return entries;
                });
    }

    private static LedgerEntry entry(Row row) {
        return new LedgerEntry(
                row.getLocalDate(0),
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getOffsetDateTime(8).toInstant(),
                row.getOffsetDateTime(9).toInstant(),
                row.getString(10),
                row.getString(11),
                row.getString(12));
    }
}
