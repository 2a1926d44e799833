package dev.octroi.rollout;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;

/** Which gateway takes a change further, and when. */
final class ChangeClaimStore {
    /**
     * Claims changes that have something to do. Gateways do not wait for each other; what a gateway that died had claimed
     * falls due again.
     *
     * @param until when the claim ends
     */
    Future<List<PolicyChange>> claim(SqlConnection connection, Instant now, Instant until, int limit) {
        return connection
                .preparedQuery("""
                        UPDATE policy_change c SET due_at = $2
                        FROM (SELECT tenant_id, id FROM policy_change
                              WHERE state IN ('waiting', 'running', 'undoing') AND due_at <= $1
                              ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED) AS due
                        WHERE c.tenant_id = due.tenant_id AND c.id = due.id
                        RETURNING c.*
                        """)
                .execute(Tuple.of(ChangeRows.time(now), ChangeRows.time(until), limit))
                .map(ChangeRows::all);
    }

    /** Says when a claimed change is looked at again, unless it went on meanwhile. */
    Future<Void> due(SqlClient client, PolicyChange change, Instant at) {
        return client.preparedQuery("""
                        UPDATE policy_change SET due_at = $4 WHERE tenant_id = $1 AND id = $2 AND version = $3
                        """)
                .execute(Tuple.of(change.tenantId(), change.id(), change.version(), ChangeRows.time(at)))
                .mapEmpty();
    }
}
