package dev.octroi.rollout;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes over many subscriptions in the database. */
final class PolicyChangeStore {
    /** Begins a change; its items come first, because they say how many there are. */
    Future<Void> insert(SqlConnection connection, PolicyChange change) {
        Rollout rollout = change.rollout();
        return connection
                .preparedQuery("""
                        INSERT INTO policy_change (tenant_id, id, state, act, target, steps, restricted_percent,
                                                   undelivered_percent, reason, total, proposed_by, proposed_token,
                                                   proposed_at, expires_at, due_at, of_operator)
                        VALUES ($1, $2, $3, $4::text::jsonb, $5::text::jsonb, $6::text::jsonb, $7, $8, $9, $10, $11, $12, $13,
                                $14, $13, $15)
                        """)
                .execute(Tuple.of(
                                change.tenantId(),
                                change.id(),
                                rollout.state().word(),
                                ChangeJson.write(change.act()),
                                ChangeJson.write(change.target()),
                                ChangeJson.write(change.plan().steps()))
                        .addValue(change.plan().stop().restrictedPercent())
                        .addValue(change.plan().stop().undeliveredPercent())
                        .addValue(change.reason())
                        .addValue(change.plan().total())
                        .addValue(change.proposedBy())
                        .addValue(change.proposedToken())
                        .addValue(ChangeRows.time(change.proposedAt()))
                        .addValue(ChangeRows.time(rollout.expiresAt()))
                        .addValue(change.ofOperator()))
                .mapEmpty();
    }

    Future<Optional<PolicyChange>> find(SqlClient client, int tenantId, long id) {
        return client.preparedQuery("""
                        SELECT * FROM policy_change WHERE tenant_id = $1 AND id = $2
                        """).execute(Tuple.of(tenantId, id)).map(ChangeRows::first);
    }

    /** Reads a change and holds it; waits for what is being applied. */
    Future<Optional<PolicyChange>> lock(SqlConnection connection, int tenantId, long id) {
        return connection.preparedQuery("""
                        SELECT * FROM policy_change WHERE tenant_id = $1 AND id = $2 FOR UPDATE
                        """).execute(Tuple.of(tenantId, id)).map(ChangeRows::first);
    }

    /** Changes before an id, newest first. */
    Future<List<PolicyChange>> before(
            SqlClient client, int tenantId, @Nullable String state, long beforeId, int limit) {
        return client.preparedQuery("""
                        SELECT * FROM policy_change
                        WHERE tenant_id = $1 AND id < $2 AND ($3::text IS NULL OR state = $3) ORDER BY id DESC LIMIT $4
                        """)
                .execute(Tuple.of(tenantId, beforeId, state, limit))
                .map(ChangeRows::all);
    }

    /** The newest changes, of one tenant or of all. */
    Future<List<PolicyChange>> newest(SqlClient client, @Nullable Integer tenantId, int limit) {
        return client.preparedQuery("""
                        SELECT * FROM policy_change WHERE $1::int IS NULL OR tenant_id = $1 ORDER BY id DESC LIMIT $2
                        """).execute(Tuple.of(tenantId, limit)).map(ChangeRows::all);
    }

    /** Keeps who approved or rejected a locked change. */
    Future<Void> decidedBy(SqlConnection connection, PolicyChange change, Person person, Instant now) {
        return connection
                .preparedQuery("""
                        UPDATE policy_change SET decided_by = $3, decided_at = $4 WHERE tenant_id = $1 AND id = $2
                        """)
                .execute(Tuple.of(change.tenantId(), change.id(), person.subject(), ChangeRows.time(now)))
                .mapEmpty();
    }

    /** Keeps who wanted a locked change undone. */
    Future<Void> undoneBy(SqlConnection connection, PolicyChange change, Person person) {
        return connection
                .preparedQuery("""
                        UPDATE policy_change SET undone_by = $3, undone_token = $4, undone_by_operator = $5
                        WHERE tenant_id = $1 AND id = $2
                        """)
                .execute(Tuple.of(
                        change.tenantId(), change.id(), person.subject(), person.tokenId(), person.ofOperator()))
                .mapEmpty();
    }

    /** Writes where a locked change stands now. */
    Future<Void> turn(SqlConnection connection, PolicyChange change, Rollout next, Instant now) {
        boolean ended = switch (next.state()) {
            case COMPLETED, REJECTED, WITHDRAWN, EXPIRED, UNDONE -> true;
            default -> false;
        };
        return connection
                .preparedQuery("""
                        UPDATE policy_change
                        SET version = version + 1, state = $3, step = $4, step_done_at = $5, stop_reason = $6,
                            ended_at = CASE WHEN $8 THEN $7::timestamptz END, due_at = $7
                        WHERE tenant_id = $1 AND id = $2
                        """)
                .execute(Tuple.of(
                                change.tenantId(),
                                change.id(),
                                next.state().word(),
                                next.step(),
                                ChangeRows.time(next.stepDoneAt()),
                                next.stopReason())
                        .addValue(ChangeRows.time(now))
                        .addValue(ended))
                .mapEmpty();
    }
}
