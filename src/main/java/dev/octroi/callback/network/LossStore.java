package dev.octroi.callback.network;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** What is known of a policy in force; takes back its confirmation when the network has lost it, and brings deliveries forward. */
public final class LossStore {
    /**
     * What is set of a {@code policy_state} whose confirmation is taken back, so that the reconciler has it told again.
     *
     * @param now the parameter that is the moment, such as {@code $4}
     */
    public static String unconfirmed(String now) {
        return "confirmed_version = 0, drifted_at = " + now + "::timestamptz, check_after = '-infinity', repairs = 0,"
                + " escalated_version = 0, escalated_at = NULL";
    }

    /** The network does not have a version that it had confirmed; false when that is not the version in force. */
    Future<Boolean> lost(
            SqlConnection connection, int tenantId, long subscriptionId, long version, String reason, Instant now) {
        return connection
                .preparedQuery("""
                        UPDATE policy_state SET last_error = left($5, 200), %s
                        WHERE vshard = $1 AND tenant_id = $2 AND subscription_id = $3 AND desired_version = $4
                          AND confirmed_version = $4
                        """.formatted(unconfirmed("$6")))
                .execute(Tuple.of(
                        Ids.shardOf(subscriptionId),
                        tenantId,
                        subscriptionId,
                        version,
                        reason,
                        now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 1);
    }

    /** When the policy in force was decided; empty when that is another version. */
    Future<Optional<Instant>> decidedAt(SqlConnection connection, int tenantId, long subscriptionId, long version) {
        return connection
                .preparedQuery("""
                        SELECT desired_at FROM policy_state
                        WHERE vshard = $1 AND tenant_id = $2 AND subscription_id = $3 AND desired_version = $4
                        LIMIT 1
                        """)
                .execute(Tuple.of(Ids.shardOf(subscriptionId), tenantId, subscriptionId, version))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(
                                rows.iterator().next().getOffsetDateTime(0).toInstant()));
    }

    /** Makes the delivery of the newest policy due at once, done or not; one under way is left alone. */
    Future<Void> hasten(SqlConnection connection, int tenantId, long subscriptionId, Instant now) {
        return connection
                .preparedQuery("""
                        UPDATE outbox SET state = 'pending', next_at = $4::timestamptz, done_at = NULL, lease_owner = NULL
                        WHERE tenant_id = $1 AND vshard = $2 AND stream = 'network' AND endpoint_id = 0 AND key = $3
                          AND version = (SELECT max(o.version) FROM outbox o
                                         WHERE o.tenant_id = $1 AND o.vshard = $2 AND o.stream = 'network'
                                           AND o.endpoint_id = 0 AND o.key = $3)
                          AND (state = 'delivered' OR (state = 'pending' AND lease_owner IS NULL))
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(subscriptionId), subscriptionId, now.atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /**
     * Has the newest policy told again, since the network ended it. What was in force for long is told at once; what never lasts
     * waits twice as long each time, up to five minutes, and what waits already is not brought forward.
     *
     * @param scale factor on the delay; 1 in production
     */
    Future<Void> again(SqlConnection connection, int tenantId, long subscriptionId, Instant now, double scale) {
        return connection
                .preparedQuery("""
                        UPDATE outbox
                        SET state = 'pending', done_at = NULL, lease_owner = NULL,
                            next_at = greatest($4::timestamptz, done_at + $5::float8 * (0.5 + 0.5 * random())
                              * least(300, power(2, least(attempts, 20) - 1)) * interval '1 second')
                        WHERE tenant_id = $1 AND vshard = $2 AND stream = 'network' AND endpoint_id = 0 AND key = $3
                          AND version = (SELECT max(o.version) FROM outbox o
                                         WHERE o.tenant_id = $1 AND o.vshard = $2 AND o.stream = 'network'
                                           AND o.endpoint_id = 0 AND o.key = $3)
                          AND state = 'delivered'
                        """)
                .execute(Tuple.of(
                        tenantId, Ids.shardOf(subscriptionId), subscriptionId, now.atOffset(ZoneOffset.UTC), scale))
                .mapEmpty();
    }
}
