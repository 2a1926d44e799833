package dev.octroi.rollout;

import static java.util.Objects.requireNonNull;

import dev.octroi.audit.AuditLog;
import dev.octroi.callback.event.EventLog;
import dev.octroi.db.Ids;
import dev.octroi.quota.account.ItemState;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes of policy over many subscriptions, as people propose, approve, hold and undo them. Everything here happens in the
 * caller's transaction, with its event and its audit row last.
 */
public final class PolicyChanges {
    /** Most changes of a tenant that are not at their end. */
    public static final int MAX_OPEN = 100;

    private final ChangeProposals proposals;
    private final ChangeWishes wishes;
    private final ChangeJournal journal;
    private final InstantSource clock;
    private final PolicyChangeStore changes = new PolicyChangeStore();
    private final ChangeItemStore items = new ChangeItemStore();

    public PolicyChanges(ChangeRules rules, AuditLog audit, EventLog events, Ids ids, InstantSource clock) {
        this.clock = requireNonNull(clock, "clock is null");
        this.journal = new ChangeJournal(audit, events, ids, clock);
        this.proposals = new ChangeProposals(rules, journal, ids, clock);
        this.wishes = new ChangeWishes(journal, clock);
    }

    /**
     * Proposes a change. One person may change {@link ChangeRules#approvalAbove} subscriptions within a day alone, however
     * many changes that takes; what goes beyond waits for somebody else.
     */
    public Future<Answer> propose(SqlConnection connection, int tenantId, Proposal proposal, Person person) {
        return proposals.propose(connection, tenantId, proposal, person);
    }

    /** Whom a change would be for, newest first, of those older than an identifier. */
    public Future<List<ChangeTarget.Meant>> meant(
            SqlConnection connection, int tenantId, ChangeTarget target, long beforeId, int limit) {
        return items.meant(connection, tenantId, target, beforeId, limit);
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
        return wishes.wish(connection, tenantId, id, wish, expectedVersion, reason, person);
    }

    /** A change goes on by itself; nothing happens when it did meanwhile. */
    Future<Boolean> turn(SqlConnection connection, PolicyChange seen, Rollout.Task.Turn turn) {
        return changes.lock(connection, seen.tenantId(), seen.id()).compose(found -> {
            if (found.isEmpty() || found.get().version() != seen.version()) {
                return Future.succeededFuture(false);
            }
            return changes.turn(connection, seen, turn.next(), clock.instant().truncatedTo(ChronoUnit.MICROS))
                    .compose(done -> journal.wentOn(connection, seen, turn))
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
}
