package dev.octroi.quota.rehearsal;

import dev.octroi.db.Ids;
import dev.octroi.policy.Condition;
import dev.octroi.quota.TimeRows;
import dev.octroi.quota.account.AccountKey;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Reads of an account's past what hours of use do not tell. */
final class RehearsedUseStore {
    /** Most quarters, and most occasions, of one account. */
    static final int MAX_QUARTERS = 20_000;

    static final int MAX_OCCASIONS = 1_000;

    /** Quarters of an hour in which records ended, and what they were charged. */
    Future<List<RehearsedUse.Quarter>> quarters(SqlClient client, AccountKey key, Instant from, Instant to) {
        return client.preparedQuery("""
                        SELECT date_bin('15 minutes', event_at - interval '1 microsecond', 'epoch'::timestamptz) AS quarter,
                               zone, category, plmn, sum(charged_minor)::bigint AS minor
                        FROM ledger
                        WHERE day >= $1 AND vshard = $2 AND tenant_id = $3 AND account_id = $4
                          AND delta_bytes > 0 AND event_at > $5 AND event_at <= $6
                        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4 LIMIT $7
                        """)
                .execute(Tuple.of(
                                from.atOffset(ZoneOffset.UTC).toLocalDate(),
                                key.vshard(),
                                key.tenantId(),
                                key.accountId())
                        .addValue(TimeRows.write(from))
                        .addValue(TimeRows.write(to))
                        .addValue(MAX_QUARTERS))
                .map(rows -> {
                    List<RehearsedUse.Quarter> quarters = new ArrayList<>();
                    for (Row row : rows) {
                        quarters.add(new RehearsedUse.Quarter(
                                row.getOffsetDateTime("quarter").toInstant(),
                                row.getString("zone"),
                                row.getString("category"),
                                row.getString("plmn"),
                                row.getLong("minor")));
                    }
                    return quarters;
                });
    }

    /** When the SIM was in another device, and when the drain detector raised alarms. */
    Future<List<RehearsedUse.Happened>> occasions(
            SqlClient client, int tenantId, long subscriptionId, Instant from, Instant to) {
        return client.preparedQuery("""
                        SELECT at, true AS device FROM event
                        WHERE tenant_id = $1 AND vshard = $2 AND subject_id = $3 AND type = 'device.changed'
                          AND at >= $4 AND at < $5
                        UNION ALL
                        SELECT opened_at, false FROM alarm
                        WHERE tenant_id = $1 AND vshard = $2 AND subscription_id = $3 AND opened_at >= $4 AND opened_at < $5
                        ORDER BY 1 LIMIT $6
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId)
                        .addValue(TimeRows.write(from))
                        .addValue(TimeRows.write(to))
                        .addValue(MAX_OCCASIONS))
                .map(rows -> {
                    List<RehearsedUse.Happened> occasions = new ArrayList<>();
                    for (Row row : rows) {
                        occasions.add(new RehearsedUse.Happened(
                                row.getOffsetDateTime("at").toInstant(),
                                row.getBoolean("device")
                                        ? Condition.Occasion.DEVICE_CHANGED
                                        : Condition.Occasion.ALARM));
                    }
                    return occasions;
                });
    }
}
