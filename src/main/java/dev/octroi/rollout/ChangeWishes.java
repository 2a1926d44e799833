package dev.octroi.rollout;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** What people want of changes that are under way: approve, reject, hold, go on, undo. */
final class ChangeWishes {
    private final ChangeJournal journal;
    private final InstantSource clock;
    private final PolicyChangeStore changes = new PolicyChangeStore();

    ChangeWishes(ChangeJournal journal, InstantSource clock) {
        this.journal = requireNonNull(journal, "journal is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** Does what {@link PolicyChanges#wish} is asked for. */
    Future<Answer> wish(
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
            if (change.ofOperator() && !person.ofOperator()) {
                return Future.succeededFuture(new Answer.OperatorsOnly());
            }
            return isOwn(connection, wish, change, person)
                    .compose(own -> rule(connection, change, wish, own, reason, person));
        });
    }

    /** A client that was made, or got another secret, after the proposal may be the first person: who has its secret is not known. */
    private Future<Boolean> isOwn(SqlConnection connection, Rollout.Wish wish, PolicyChange change, Person person) {
        boolean same = change.proposedBy().equals(person.subject());
        return wish != Rollout.Wish.APPROVE || same
                ? Future.succeededFuture(same)
                : new ProposalStore().isClientGivenAfter(connection, person.subject(), change.proposedAt());
    }

    private Future<Answer> rule(
            SqlConnection connection,
            PolicyChange change,
            Rollout.Wish wish,
            boolean own,
            @Nullable String reason,
            Person person) {
        return switch (change.rollout().wish(wish, own, clock.instant().truncatedTo(ChronoUnit.MICROS))) {
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
        return changes.turn(connection, change, next, clock.instant().truncatedTo(ChronoUnit.MICROS))
                .compose(done -> signed(connection, change, wish, person))
                .compose(done -> journal.turned(connection, change, next, word(wish, next), reason, person))
                .compose(done -> changes.find(connection, change.tenantId(), change.id()))
                .map(now -> new Answer.Done(now.orElseThrow()));
    }

    private Future<Void> signed(SqlConnection connection, PolicyChange change, Rollout.Wish wish, Person person) {
        return switch (wish) {
            case APPROVE, REJECT ->
                changes.decidedBy(connection, change, person, clock.instant().truncatedTo(ChronoUnit.MICROS));
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
}
