package dev.octroi.quota;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Keeps how far the network has followed the decisions: what was sent and what it confirmed. */
public final class PolicyStateStore {
    /** A decision was sent; an older version than the one noted changes nothing. */
    public Future<Void> sent(SqlClient connection, int tenantId, long subscriptionId, long version, Instant at) {
        return connection
                .preparedQuery("""
                        UPDATE policy_state SET sent_version = $4, sent_at = $5, check_after = $5
                        WHERE vshard = $1 AND tenant_id = $2 AND subscription_id = $3 AND sent_version < $4
                        """)
                .execute(Tuple.of(Ids.shardOf(subscriptionId), tenantId, subscriptionId, version, TimeRows.write(at)))
                .mapEmpty();
    }

    /** The network confirmed a decision, which it therefore was sent. */
    public Future<Void> confirmed(SqlClient connection, int tenantId, long subscriptionId, long version, Instant at) {
        return connection
                .preparedQuery("""
                        UPDATE policy_state
                        SET confirmed_version = $4, confirmed_at = $5, last_error = NULL, drifted_at = NULL,
                            sent_version = greatest(sent_version, $4), sent_at = coalesce(sent_at, $5)
                        WHERE vshard = $1 AND tenant_id = $2 AND subscription_id = $3 AND confirmed_version < $4
                        """)
                .execute(Tuple.of(Ids.shardOf(subscriptionId), tenantId, subscriptionId, version, TimeRows.write(at)))
                .mapEmpty();
    }

    /**
     * A decision could not be delivered for now.
     *
     * @param error what went wrong, without identifiers; at most 200 characters are kept
     */
    public Future<Void> failed(SqlClient connection, int tenantId, long subscriptionId, @Nullable String error) {
        return connection
                .preparedQuery("""
                        UPDATE policy_state SET last_error = left($4, 200)
                        WHERE vshard = $1 AND tenant_id = $2 AND subscription_id = $3
                        """)
                .execute(Tuple.of(Ids.shardOf(subscriptionId), tenantId, subscriptionId, error))
                .mapEmpty();
    }
}
