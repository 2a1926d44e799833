package dev.octroi.smdp;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Ids;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.secret.Aad;
import dev.octroi.secret.Sealer;
import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Orders of profiles at another SM-DP+. */
public final class ProfileOrderStore {
    private final Sealer sealer;

    /** A store that seals matching ids. */
    public ProfileOrderStore(Sealer sealer) {
        this.sealer = requireNonNull(sealer, "sealer is null");
    }

    /**
     * How an order stands.
     *
     * @param state {@code wanted}, {@code reserved}, {@code ready}, {@code returning} (failed, but not yet given
     *     back) or {@code failed}
     * @param matchingId the token of the activation code; good once the order is ready
     * @param smdpAddress where the profile is downloaded from, once it is known
     */
    public record Standing(String state, Sensitive<String> matchingId, Optional<String> smdpAddress) {}

    /** Writes the intent, in the transaction that takes the reseller's order. */
    Future<Void> insert(
            SqlConnection connection,
            int tenantId,
            long profileId,
            String profileType,
            String profileName,
            String matchingId,
            Instant now) {
        return connection
                .preparedQuery("""
                        INSERT INTO profile_order (tenant_id, vshard, profile_id, profile_type, profile_name,
                            matching_sealed, next_at, created_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
                        """)
                .execute(Tuple.of(
                                tenantId,
                                Ids.shardOf(profileId),
                                profileId,
                                profileType,
                                profileName,
                                Buffer.buffer(sealer.sealText(aad(tenantId, profileId), matchingId)))
                        .addOffsetDateTime(now.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /** How an order stands; empty when the profile was not ordered elsewhere. */
    public Future<Optional<Standing>> find(SqlConnection connection, int tenantId, long profileId) {
        return connection
                .preparedQuery("""
                        SELECT CASE WHEN give_back THEN 'returning' ELSE state END AS state, matching_sealed, smdp_address
                        FROM profile_order
                        WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(profileId), profileId))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return Optional.empty();
                    }
                    Row row = rows.iterator().next();
                    return Optional.of(new Standing(
                            row.getString("state"),
                            matchingId(tenantId, profileId, row),
                            Optional.ofNullable(row.getString("smdp_address"))));
                });
    }

    /**
     * Takes due orders in hand until a moment, after which another gateway may. It counts as sent before it is sent: a
     * crash in between only makes us more careful.
     */
    Future<List<ProfileOrder>> claim(SqlConnection connection, int limit, Instant now, Instant until) {
        return connection
                .preparedQuery("""
                        WITH due AS (
                          SELECT tenant_id, vshard, profile_id FROM profile_order
                          WHERE (state IN ('wanted', 'reserved') OR give_back OR to_leave) AND next_at <= $1
                          ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED)
                        UPDATE profile_order o
                        SET next_at = $3, attempts = o.attempts + 1, unanswered = o.unanswered + 1
                        FROM due d
                        WHERE o.tenant_id = d.tenant_id AND o.vshard = d.vshard AND o.profile_id = d.profile_id
                        RETURNING o.*
                        """)
                .execute(Tuple.of(now.atOffset(ZoneOffset.UTC), limit, until.atOffset(ZoneOffset.UTC)))
                .map(rows -> {
                    List<ProfileOrder> orders = new ArrayList<>(rows.size());
                    rows.forEach(row -> orders.add(order(row)));
                    return orders;
                });
    }

    /** The number is known; the next call is a new one. False when the order is not in hand any more. */
    Future<Boolean> reserved(SqlConnection connection, ProfileOrder order) {
        return connection.preparedQuery("""
                        UPDATE profile_order SET state = 'reserved', unanswered = 1, attempts = 1
                        WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3 AND state = 'wanted'
                        """).execute(key(order)).map(rows -> rows.rowCount() == 1);
    }

    Future<Boolean> ready(SqlConnection connection, ProfileOrder order, String matchingId, String smdpAddress) {
        return connection
                .preparedQuery("""
                        UPDATE profile_order SET state = 'ready', matching_sealed = $4, smdp_address = $5,
                            unanswered = 0
                        WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3 AND state = 'reserved'
                        """)
                .execute(key(order)
                        .addBuffer(Buffer.buffer(sealer.sealText(aad(order.tenantId(), order.profileId()), matchingId)))
                        .addString(smdpAddress))
                .map(rows -> rows.rowCount() == 1);
    }

    /** The order is over; what is left to do then is due at once: where its number is known, that is to be given back. */
    Future<Boolean> failed(SqlConnection connection, ProfileOrder order, GsmaStatus reason, Instant now) {
        return connection
                .preparedQuery("""
                        UPDATE profile_order SET subject_code = $4, reason_code = $5, message = $6, attempts = 0,
                            state = 'failed', give_back = state = 'reserved', to_leave = true, next_at = $7
                        WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3 AND state IN ('wanted', 'reserved')
                        """)
                .execute(key(order)
                        .addString(reason.subjectCode())
                        .addString(reason.reasonCode())
                        .addString(reason.message())
                        .addOffsetDateTime(now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 1);
    }

    /** What is left to do for a failed order is due at a later moment. */
    Future<Void> later(SqlConnection connection, ProfileOrder order, Instant at) {
        return connection
                .preparedQuery("""
                        UPDATE profile_order SET next_at = $4
                        WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3 AND (give_back OR to_leave)
                        """)
                .execute(key(order).addOffsetDateTime(at.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /** The number of a failed order is given back, or never will be. */
    Future<Void> returned(SqlConnection connection, ProfileOrder order) {
        return connection.preparedQuery("""
                        UPDATE profile_order SET give_back = false
                        WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3 AND give_back
                        """).execute(key(order)).mapEmpty();
    }

    /** Whoever waited for the profile of a failed order has let go of what others could use. */
    Future<Void> left(SqlConnection connection, ProfileOrder order) {
        return connection.preparedQuery("""
                        UPDATE profile_order SET to_leave = false
                        WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3 AND to_leave
                        """).execute(key(order)).mapEmpty();
    }

    /**
     * Puts an order down until a moment.
     *
     * @param refusal of the present call, which is made anew where nothing was done; null when it was not answered
     */
    Future<Void> again(SqlConnection connection, ProfileOrder order, Instant at, @Nullable GsmaStatus refusal) {
        return connection
                .preparedQuery("""
                        UPDATE profile_order SET next_at = $4, round = round + $5,
                            unanswered = CASE WHEN $5 > 0 THEN 0 ELSE unanswered END,
                            subject_code = $6, reason_code = $7, message = $8
                        WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3 AND state IN ('wanted', 'reserved')
                        """)
                .execute(key(order)
                        .addOffsetDateTime(at.atOffset(ZoneOffset.UTC))
                        .addInteger(refusal != null && ProfileOrder.isNothingDone(refusal) ? 1 : 0)
                        .addString(refusal == null ? null : refusal.subjectCode())
                        .addString(refusal == null ? null : refusal.reasonCode())
                        .addString(refusal == null ? null : refusal.message()))
                .mapEmpty();
    }

    private ProfileOrder order(Row row) {
        int tenantId = row.getInteger("tenant_id");
        long profileId = row.getLong("profile_id");
        return new ProfileOrder(
                tenantId,
                profileId,
                row.getString("profile_type"),
                row.getString("profile_name"),
                ProfileOrder.Phase.of(row.getString("state")),
                matchingId(tenantId, profileId, row),
                row.getInteger("round"),
                row.getInteger("unanswered") - 1,
                row.getInteger("attempts"),
                row.getBoolean("give_back"),
                row.getBoolean("to_leave"));
    }

    private Sensitive<String> matchingId(int tenantId, long profileId, Row row) {
        return Sensitive.of(sealer.openText(
                aad(tenantId, profileId), row.getBuffer("matching_sealed").getBytes()));
    }

    private static Tuple key(ProfileOrder order) {
        return Tuple.of(order.tenantId(), Ids.shardOf(order.profileId()), order.profileId());
    }

    private static Aad aad(int tenantId, long profileId) {
        return Aad.of(tenantId, "profile_order", "matching_sealed", profileId);
    }
}
