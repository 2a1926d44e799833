package dev.octroi.charging;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Ids;
import dev.octroi.policy.Level;
import dev.octroi.policy.UsedUp;
import dev.octroi.quota.ChargingRows;
import dev.octroi.quota.account.ChargingSession;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** Finds open sessions whose consumers listen, as they are now. */
final class ChargingNoticeStore {
    /**
     * A session that can be told something.
     *
     * @param profile how its consumer speaks
     * @param notifyTo where its consumer listens, sealed
     * @param isSuspended whether somebody suspended its account's data, which is not so where there is only nothing left
     * @param isToEnd whether it was silent since its consumer was told to end it
     * @param ratingGroups those that it is known to have
     */
    record Listening(
            ChargingProfile profile, String notifyTo, boolean isSuspended, boolean isToEnd, List<Long> ratingGroups) {
        Listening {
            requireNonNull(profile, "profile is null");
            requireNonNull(notifyTo, "notifyTo is null");
            ratingGroups = List.copyOf(ratingGroups);
        }
    }

    /** Empty when the session is over or nobody listens. */
    Future<Optional<Listening>> find(SqlClient client, int tenantId, long accountId, long number) {
        return client.preparedQuery("""
                        SELECT s.notify_to, s.promised_bytes, s.grants_until, s.touched_at, s.memory, a.level, a.reason,
                               p.charging_profile
                        FROM charging_session s
                        JOIN account a ON a.vshard = s.vshard AND a.tenant_id = s.tenant_id AND a.id = s.account_id
                        LEFT JOIN partner p ON p.id = s.partner_id
                        WHERE s.vshard = $1 AND s.tenant_id = $2 AND s.account_id = $3 AND s.number = $4 AND s.open
                          AND s.notify_to IS NOT NULL
                        """)
                .execute(Tuple.of(Ids.shardOf(accountId), tenantId, accountId, number))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(listening(rows.iterator().next())));
    }

    private static Listening listening(Row row) {
        return new Listening(
                Optional.ofNullable(row.getString("charging_profile"))
                        .flatMap(ChargingProfile::ofWord)
                        .orElse(ChargingProfile.STRICT),
                row.getString("notify_to"),
                Level.valueOf(row.getString("level")).compareTo(Level.SUSPENDED_DATA) >= 0
                        && !UsedUp.isReason(row.getString("reason")),
                row.getLong("promised_bytes") == 0
                        && ChargingSession.isToEnd(
                                row.getOffsetDateTime("touched_at").toInstant(),
                                row.getOffsetDateTime("grants_until").toInstant()),
                List.copyOf(ChargingRows.ratingGroups(row.getString("memory"))));
    }
}
