package dev.octroi.rollout;

import static java.util.Objects.requireNonNull;

import dev.octroi.audit.AuditEntry;
import dev.octroi.audit.AuditLog;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.quota.ItemState;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes of policy over many subscriptions, as people propose, approve, hold and undo them. Everything here happens in the
 * caller's transaction, with its audit row last.
 */
public final class PolicyChanges {
    /** Most changes of a tenant that are not at their end. */
    public static final int MAX_OPEN = 100;

    private static final Duration DAY = Duration.ofDays(1);

    private final ChangeRules rules;
    private final AuditLog audit;
    private final Ids ids;
    private final InstantSource clock;
    private final PolicyChangeStore changes = new PolicyChangeStore();
    private final ChangeItemStore items = new ChangeItemStore();

    public PolicyChanges(ChangeRules rules, AuditLog audit, Ids ids, InstantSource clock) {
        this.rules = requireNonNull(rules, "rules is null");
        this.audit = requireNonNull(audit, "audit is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * Proposes a change. One person may change {@link ChangeRules#approvalAbove} subscriptions within a day alone, however
     * many changes that takes; what goes beyond waits for somebody else.
     */
    public Future<Answer> propose(SqlConnection connection, int tenantId, Proposal proposal, Person person) {
        long id = ids.next();
        int limit = RolloutPlan.MAX_TOTAL + 1;
        return changes.serialise(connection, tenantId)
                .compose(done -> changes.open(connection, tenantId))
                .compose(open -> open >= MAX_OPEN
                        ? Future.succeededFuture(new Answer.TooManyOpen())
                        : items.insert(connection, tenantId, id, proposal.target(), limit)
                                .compose(total -> {
                                    Optional<Answer> refusal = refusal(proposal.target(), total);
                                    return refusal.isPresent()
                                            ? Future.succeededFuture(refusal.get())
                                            : begin(connection, tenantId, id, proposal, total, person);
                                }));
    }

    private static Optional<Answer> refusal(ChangeTarget target, int total) {
        if (total > RolloutPlan.MAX_TOTAL) {
            return Optional.of(new Answer.TooMany());
        }
        if (!target.subscriptions().isEmpty() && total < target.subscriptions().size()) {
            return Optional.of(new Answer.SomeUnknown());
        }
        return total == 0 ? Optional.of(new Answer.NobodyMeant()) : Optional.empty();
    }

    private Future<Answer> begin(
            SqlConnection connection, int tenantId, long id, Proposal proposal, int total, Person person) {
        Instant now = now();
        return changes.unapproved(connection, tenantId, person.subject(), now.minus(DAY))
                .compose(before -> {
                    Rollout rollout = before + total > rules.approvalAbove()
                            ? Rollout.waiting(now.plus(rules.approvalLife()))
                            : Rollout.running();
                    PolicyChange change = new PolicyChange(
                            tenantId,
                            id,
                            1,
                            rollout,
                            new RolloutPlan(total, proposal.steps(), proposal.stop()),
                            proposal.act(),
                            proposal.target(),
                            proposal.reason(),
                            person.subject(),
                            person.tokenId(),
                            now,
                            null,
                            null,
                            null,
                            null);
                    return changes.insert(connection, change)
                            .compose(done -> audit(
                                    connection,
                                    change,
                                    "proposed",
                                    proposal.reason(),
                                    null,
                                    proposed(change),
                                    person.subject(),
                                    person.tokenId()))
                            .map(done -> new Answer.Done(change));
                });
    }

    /**
     * What a person wants of a change.
     *
     * @param expectedVersion the version that was read; null: whatever it is by now
     * @param reason why, when said
     */
    public Future<Answer> wish(
            SqlConnection connection,
            int tenantId,
            long id,
            Rollout.Wish wish,
            @Nullable Long expectedVersion,
            @Nullable String reason,
            Person person) {
        return changes.lock(connection, tenantId, id).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(new Answer.Unknown());
            }
            PolicyChange change = found.get();
            if (expectedVersion != null && expectedVersion != change.version()) {
                return Future.succeededFuture(new Answer.Stale(change.version()));
            }
            return isOwn(connection, wish, change, person)
                    .compose(own -> rule(connection, change, wish, own, reason, person));
        });
    }

    /** A client that was made after the proposal is no second person. */
    private Future<Boolean> isOwn(SqlConnection connection, Rollout.Wish wish, PolicyChange change, Person person) {
        boolean same = change.proposedBy().equals(person.subject());
        return wish != Rollout.Wish.APPROVE || same
                ? Future.succeededFuture(same)
                : changes.isClientMadeAfter(connection, person.subject(), change.proposedAt());
    }

    private Future<Answer> rule(
            SqlConnection connection,
            PolicyChange change,
            Rollout.Wish wish,
            boolean own,
            @Nullable String reason,
            Person person) {
        return switch (change.rollout().wish(wish, own, now())) {
            case Rollout.Ruling.OwnProposal refused -> Future.succeededFuture(new Answer.NotSomebodyElse());
            case Rollout.Ruling.WrongState refused -> Future.succeededFuture(new Answer.WrongState(refused.state()));
            case Rollout.Ruling.Granted granted -> granted(connection, change, wish, granted.rollout(), reason, person);
        };
    }

    private Future<Answer> granted(
            SqlConnection connection,
            PolicyChange change,
            Rollout.Wish wish,
            Rollout next,
            @Nullable String reason,
            Person person) {
        return changes.turn(connection, change, next, now())
                .compose(done -> signed(connection, change, wish, person))
                .compose(done -> audit(
                        connection,
                        change,
                        word(wish, next),
                        reason,
                        state(change.rollout()),
                        state(next),
                        person.subject(),
                        person.tokenId()))
                .compose(done -> changes.find(connection, change.tenantId(), change.id()))
                .map(now -> new Answer.Done(now.orElseThrow()));
    }

    private Future<Void> signed(SqlConnection connection, PolicyChange change, Rollout.Wish wish, Person person) {
        return switch (wish) {
            case APPROVE, REJECT -> changes.decidedBy(connection, change, person, now());
            case UNDO -> changes.undoneBy(connection, change, person);
            case PAUSE, RESUME -> Future.succeededFuture();
        };
    }

    private static String word(Rollout.Wish wish, Rollout next) {
        return switch (wish) {
            case APPROVE -> "approved";
            case REJECT -> "rejected";
            case PAUSE -> "paused";
            case RESUME -> "resumed";
            case UNDO -> next.state() == ChangeState.WITHDRAWN ? "withdrawn" : "undo_asked";
        };
    }

    /** A change goes on by itself; nothing happens when it did meanwhile. */
    Future<Boolean> turn(SqlConnection connection, PolicyChange seen, Rollout.Task.Turn turn) {
        return changes.lock(connection, seen.tenantId(), seen.id()).compose(found -> {
            if (found.isEmpty() || found.get().version() != seen.version()) {
                return Future.succeededFuture(false);
            }
            return changes.turn(connection, seen, turn.next(), now())
                    .compose(done -> audit(
                            connection,
                            seen,
                            turn.what(),
                            turn.next().stopReason(),
                            state(seen.rollout()),
                            state(turn.next()),
                            "system:rollout",
                            null))
                    .map(true);
        });
    }

    /** A change; empty when the tenant has no such. */
    public Future<Optional<PolicyChange>> find(SqlClient client, int tenantId, long id) {
        return changes.find(client, tenantId, id);
    }

    /** How many subscriptions of a change are how far. */
    public Future<Map<ItemState, Integer>> tally(SqlClient client, PolicyChange change) {
        return items.tally(client, change.tenantId(), change.id());
    }

    /**
     * Changes of a tenant, newest first.
     *
     * @param state only those in it; null: all
     * @param beforeId only those before; {@link Long#MAX_VALUE} to start
     * @param limit 1 to 201
     */
    public Future<List<PolicyChange>> list(
            SqlClient client, int tenantId, @Nullable ChangeState state, long beforeId, int limit) {
        return changes.before(client, tenantId, state == null ? null : state.word(), beforeId, limit);
    }

    /** The newest changes, of one tenant or (null) of all. */
    public Future<List<PolicyChange>> newest(SqlClient client, @Nullable Integer tenantId, int limit) {
        return changes.newest(client, tenantId, limit);
    }

    /**
     * What a change means for each subscription, in the order of the roll-out.
     *
     * @param after only those after a position; 0 to start
     * @param limit 1 to 201
     */
    public Future<List<ChangeItem>> items(SqlClient client, PolicyChange change, long after, int limit) {
        return items.after(client, change, after, limit);
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

    private static Map<String, Object> proposed(PolicyChange change) {
        Map<String, Object> members = new HashMap<>(state(change.rollout()));
        members.put("act", ChangeJson.write(change.act()));
        members.put("target", ChangeJson.write(change.target()));
        members.put("steps", ChangeJson.write(change.plan().steps()));
        members.put("subscriptions", change.plan().total());
        return members;
    }

    private static Map<String, Object> state(Rollout rollout) {
        return Map.of("state", rollout.state().word(), "step", rollout.step() + 1);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
