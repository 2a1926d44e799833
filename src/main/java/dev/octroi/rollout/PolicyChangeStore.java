package dev.octroi.rollout;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
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
                                                   proposed_at, expires_at, due_at)
                        VALUES ($1, $2, $3, $4::text::jsonb, $5::text::jsonb, $6::text::jsonb, $7, $8, $9, $10, $11, $12, $13,
                                $14, $13)
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
                        .addValue(time(change.proposedAt()))
                        .addValue(time(rollout.expiresAt())))
                .mapEmpty();
    }

    /** How many subscriptions somebody changed since a moment without another person's approval. */
    Future<Long> unapproved(SqlConnection connection, int tenantId, String subject, Instant since) {
        return connection
                .preparedQuery("""
                        SELECT coalesce(sum(total), 0)::bigint FROM policy_change
                        WHERE tenant_id = $1 AND proposed_by = $2 AND proposed_at > $3 AND expires_at IS NULL
                        """)
                .execute(Tuple.of(tenantId, subject, time(since)))
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

    /** Whether a subject is a client that was made after a moment. */
    Future<Boolean> isClientMadeAfter(SqlConnection connection, String subject, Instant moment) {
        return connection
                .preparedQuery("""
                        SELECT EXISTS (SELECT 1 FROM api_client WHERE client_id = $1 AND created_at > $2)
                        """)
                .execute(Tuple.of(subject, time(moment)))
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    Future<Optional<PolicyChange>> find(SqlClient client, int tenantId, long id) {
        return client.preparedQuery("""
                        SELECT * FROM policy_change WHERE tenant_id = $1 AND id = $2
                        """).execute(Tuple.of(tenantId, id)).map(PolicyChangeStore::first);
    }

    /** Reads a change and holds it; waits for what is being applied. */
    Future<Optional<PolicyChange>> lock(SqlConnection connection, int tenantId, long id) {
        return connection.preparedQuery("""
                        SELECT * FROM policy_change WHERE tenant_id = $1 AND id = $2 FOR UPDATE
                        """).execute(Tuple.of(tenantId, id)).map(PolicyChangeStore::first);
    }

    /** Changes before an id, newest first. */
    Future<List<PolicyChange>> before(
            SqlClient client, int tenantId, @Nullable String state, long beforeId, int limit) {
        return client.preparedQuery("""
                        SELECT * FROM policy_change
                        WHERE tenant_id = $1 AND id < $2 AND ($3::text IS NULL OR state = $3) ORDER BY id DESC LIMIT $4
                        """)
                .execute(Tuple.of(tenantId, beforeId, state, limit))
                .map(PolicyChangeStore::all);
    }

    /** The newest changes, of one tenant or of all. */
    Future<List<PolicyChange>> newest(SqlClient client, @Nullable Integer tenantId, int limit) {
        return client.preparedQuery("""
                        SELECT * FROM policy_change WHERE $1::int IS NULL OR tenant_id = $1 ORDER BY id DESC LIMIT $2
                        """).execute(Tuple.of(tenantId, limit)).map(PolicyChangeStore::all);
    }

    /** Keeps who approved or rejected a locked change. */
    Future<Void> decidedBy(SqlConnection connection, PolicyChange change, Person person, Instant now) {
        return connection
                .preparedQuery("""
                        UPDATE policy_change SET decided_by = $3, decided_at = $4 WHERE tenant_id = $1 AND id = $2
                        """)
                .execute(Tuple.of(change.tenantId(), change.id(), person.subject(), time(now)))
                .mapEmpty();
    }

    /** Keeps who wanted a locked change undone. */
    Future<Void> undoneBy(SqlConnection connection, PolicyChange change, Person person) {
        return connection
                .preparedQuery("""
                        UPDATE policy_change SET undone_by = $3, undone_token = $4 WHERE tenant_id = $1 AND id = $2
                        """)
                .execute(Tuple.of(change.tenantId(), change.id(), person.subject(), person.tokenId()))
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
                                time(next.stepDoneAt()),
                                next.stopReason())
                        .addValue(time(now))
                        .addValue(ended))
                .mapEmpty();
    }

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
                .execute(Tuple.of(time(now), time(until), limit))
                .map(PolicyChangeStore::all);
    }

    /** Says when a claimed change is looked at again, unless it went on meanwhile. */
    Future<Void> due(SqlClient client, PolicyChange change, Instant at) {
        return client.preparedQuery("""
                        UPDATE policy_change SET due_at = $4 WHERE tenant_id = $1 AND id = $2 AND version = $3
                        """)
                .execute(Tuple.of(change.tenantId(), change.id(), change.version(), time(at)))
                .mapEmpty();
    }

    static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable Person undoneBy(Row row) {
        String subject = row.getString("undone_by");
        return subject == null ? null : new Person(subject, row.getString("undone_token"));
    }

    private static Optional<PolicyChange> first(RowSet<Row> rows) {
        return all(rows).stream().findFirst();
    }

    private static List<PolicyChange> all(RowSet<Row> rows) {
        List<PolicyChange> found = new ArrayList<>();
        rows.forEach(row -> found.add(change(row)));
        return found;
    }

    private static PolicyChange change(Row row) {
        return new PolicyChange(
                row.getInteger("tenant_id"),
                row.getLong("id"),
                row.getLong("version"),
                new Rollout(
                        ChangeState.of(row.getString("state")),
                        row.getInteger("step"),
                        instant(row, "step_done_at"),
                        instant(row, "expires_at"),
                        row.getString("stop_reason")),
                new RolloutPlan(
                        row.getInteger("total"),
                        ChangeJson.readSteps(row.get(JsonArray.class, "steps").encode()),
                        new StopWhen(row.getInteger("restricted_percent"), row.getInteger("undelivered_percent"))),
                ChangeJson.readAct(row.get(JsonObject.class, "act").encode()),
                ChangeJson.readTarget(row.get(JsonObject.class, "target").encode()),
                row.getString("reason"),
                row.getString("proposed_by"),
                row.getString("proposed_token"),
                row.getOffsetDateTime("proposed_at").toInstant(),
                row.getString("decided_by"),
                instant(row, "decided_at"),
                undoneBy(row),
                instant(row, "ended_at"));
    }
}
