package dev.octroi.rollout;

import static java.util.Objects.requireNonNull;

import dev.octroi.audit.AuditEntry;
import dev.octroi.audit.AuditLog;
import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventLog;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps what happens to a change: an event for the tenant's webhooks, and an audit row, in the transaction that does it. */
final class ChangeJournal {
    private final AuditLog audit;
    private final EventLog events;
    private final Ids ids;
    private final InstantSource clock;

    ChangeJournal(AuditLog audit, EventLog events, Ids ids, InstantSource clock) {
        this.audit = requireNonNull(audit, "audit is null");
        this.events = requireNonNull(events, "events is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** Somebody proposed it; a change that nobody has to approve has started with that. */
    Future<Void> proposed(SqlConnection connection, PolicyChange change, Person person) {
        Map<String, Object> after = new HashMap<>(state(change.rollout()));
        after.put("act", ChangeJson.write(change.act()));
        after.put("target", ChangeJson.write(change.target()));
        after.put("steps", ChangeJson.write(change.plan().steps()));
        after.put("subscriptions", change.plan().total());
        boolean waits = change.rollout().state() == ChangeState.WAITING;
        return tell(connection, change, change.rollout(), waits ? "proposed" : "started")
                .compose(done -> audit(
                        connection,
                        change,
                        "proposed",
                        change.reason(),
                        null,
                        after,
                        person.subject(),
                        person.tokenId()));
    }

    /**
     * A person turned it.
     *
     * @param what the word of the audit log
     */
    Future<Void> turned(
            SqlConnection connection,
            PolicyChange change,
            Rollout next,
            String what,
            @Nullable String reason,
            Person person) {
        return tell(connection, change, next, what.equals("approved") ? "started" : what)
                .compose(done -> audit(
                        connection,
                        change,
                        what,
                        reason,
                        state(change.rollout()),
                        state(next),
                        person.subject(),
                        person.tokenId()));
    }

    /** It went on by itself. */
    Future<Void> wentOn(SqlConnection connection, PolicyChange change, Rollout.Task.Turn turn) {
        Rollout next = turn.next();
        return tell(connection, change, next, turn.what())
                .compose(done -> audit(
                        connection,
                        change,
                        turn.what(),
                        next.stopReason(),
                        state(change.rollout()),
                        state(next),
                        "system:rollout",
                        null));
    }

    /** Names nobody: who did it is in the audit log. */
    private Future<Void> tell(SqlConnection connection, PolicyChange change, Rollout rollout, String word) {
        RolloutPlan plan = change.plan();
        JsonObject data = new JsonObject()
                .put("change", PublicId.CHANGE.format(change.id()))
                .put("state", rollout.state().word())
                .put("step", rollout.step() + 1)
                .put("steps", plan.steps().size())
                .put("percent", plan.steps().get(rollout.step()).percent())
                .put("subscriptions", plan.total());
        if (rollout.stopReason() != null) {
            data.put("stopReason", rollout.stopReason());
        }
        Event event = new Event(
                change.tenantId(),
                ids.next(Ids.shardOf(change.id())),
                "policy_change." + word,
                change.id(),
                data,
                now());
        return events.append(connection, List.of(event));
    }

    private Future<Void> audit(
            SqlConnection connection,
            PolicyChange change,
            String what,
            @Nullable String reason,
            @Nullable Map<String, ?> before,
            Map<String, ?> after,
            String actor,
            @Nullable String tokenId) {
        return audit.append(
                connection,
                new AuditEntry(
                        change.tenantId(),
                        now(),
                        actor,
                        "policy_change." + what,
                        PublicId.CHANGE.format(change.id()),
                        reason,
                        before,
                        after,
                        tokenId));
    }

    private static Map<String, Object> state(Rollout rollout) {
        return Map.of("state", rollout.state().word(), "step", rollout.step() + 1);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
