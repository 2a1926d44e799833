package dev.octroi.callback;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/** Has a policy in force told once more; each statement takes the shard, the tenant and the subscription first. */
final class RetellingStore {
    /** Under a new number: an attempt under way still names the SIM before, so its answer must not count. */
    Future<Void> again(SqlConnection connection, Tuple values) {
        return connection.preparedQuery("""
                        UPDATE outbox o
                        SET id = $5, state = 'pending', next_at = $4::timestamptz, done_at = NULL, lease_owner = NULL,
                            attempts = 0, first_attempt_at = NULL, payload = o.payload || '{"repair": true}'
                        FROM policy_state s
                        WHERE s.vshard = $1 AND s.tenant_id = $2 AND s.subscription_id = $3
                          AND o.tenant_id = s.tenant_id AND o.vshard = s.vshard AND o.stream = 'network'
                          AND o.endpoint_id = 0 AND o.key = s.subscription_id AND o.version = s.desired_version
                        """).execute(values).mapEmpty();
    }

    /** Number 0 is no request, so that events and answers about the SIM before are past. */
    Future<Void> forgetCopy(SqlConnection connection, Tuple key) {
        return connection.preparedQuery("""
                        UPDATE network_copy
                        SET state = CASE WHEN state = 'none' THEN state ELSE 'unavailable' END, number = 0,
                            read_after = 'infinity', reads = 0
                        WHERE vshard = $1 AND tenant_id = $2 AND subscription_id = $3
                        """).execute(key).mapEmpty();
    }

    Future<Void> unconfirm(SqlConnection connection, Tuple values) {
        return connection.preparedQuery("""
                        UPDATE policy_state
                        SET confirmed_version = 0, drifted_at = $4::timestamptz, check_after = '-infinity', repairs = 0,
                            last_error = NULL, escalated_version = 0, escalated_at = NULL
                        WHERE vshard = $1 AND tenant_id = $2 AND subscription_id = $3 AND desired_version > 0
                        """).execute(values).mapEmpty();
    }
}
