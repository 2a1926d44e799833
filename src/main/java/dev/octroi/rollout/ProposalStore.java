package dev.octroi.rollout;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;

/** What decides whether a proposal needs somebody else. */
final class ProposalStore {
    /** How many subscriptions somebody changed since a moment without another person's approval. */
    Future<Long> unapproved(SqlConnection connection, int tenantId, String subject, Instant since) {
        return connection
                .preparedQuery("""
                        SELECT coalesce(sum(total), 0)::bigint FROM policy_change
                        WHERE tenant_id = $1 AND proposed_by = $2 AND proposed_at > $3 AND expires_at IS NULL
                        """)
                .execute(Tuple.of(tenantId, subject, ChangeRows.time(since)))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Keeps two proposals of one tenant from being counted past each other. */
    Future<Void> serialise(SqlConnection connection, int tenantId) {
        return connection.preparedQuery("""
                        SELECT pg_advisory_xact_lock(x'0C7238'::int, $1)
                        """).execute(Tuple.of(tenantId)).mapEmpty();
    }

    /** How many changes of a tenant are not at their end. */
    Future<Integer> open(SqlConnection connection, int tenantId) {
        return connection
                .preparedQuery("""
                        SELECT count(*)::int FROM policy_change
                        WHERE tenant_id = $1 AND state IN ('waiting', 'running', 'paused', 'stopped', 'undoing')
                        """)
                .execute(Tuple.of(tenantId))
                .map(rows -> rows.iterator().next().getInteger(0));
    }

    /** Whether a subject is a client that was made, or got another secret, after a moment. */
    Future<Boolean> isClientGivenAfter(SqlConnection connection, String subject, Instant moment) {
        return connection
                .preparedQuery("""
                        SELECT EXISTS (SELECT 1 FROM api_client WHERE client_id = $1 AND coalesce(secret_since, created_at) > $2)
                        """)
                .execute(Tuple.of(subject, ChangeRows.time(moment)))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }
}
