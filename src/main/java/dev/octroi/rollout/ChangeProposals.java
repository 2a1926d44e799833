package dev.octroi.rollout;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Takes proposals: settles whom they are for, and whether somebody else has to approve. */
final class ChangeProposals {
    private static final Duration DAY = Duration.ofDays(1);

    private final ChangeRules rules;
    private final ChangeJournal journal;
    private final Ids ids;
    private final InstantSource clock;
    private final PolicyChangeStore changes = new PolicyChangeStore();
    private final ProposalStore proposals = new ProposalStore();
    private final ChangeItemStore items = new ChangeItemStore();

    ChangeProposals(ChangeRules rules, ChangeJournal journal, Ids ids, InstantSource clock) {
        this.rules = requireNonNull(rules, "rules is null");
        this.journal = requireNonNull(journal, "journal is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * Proposes a change. One person may change {@link ChangeRules#approvalAbove} subscriptions within a day alone, however
     * many changes that takes; what goes beyond waits for somebody else.
     */
    Future<Answer> propose(SqlConnection connection, int tenantId, Proposal proposal, Person person) {
        long id = ids.next();
        int limit = RolloutPlan.MAX_TOTAL + 1;
        return proposals
                .serialise(connection, tenantId)
                .compose(done -> proposals.open(connection, tenantId))
                .compose(open -> open >= PolicyChanges.MAX_OPEN
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
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return proposals
                .unapproved(connection, tenantId, person.subject(), now.minus(DAY))
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
                            person.ofOperator(),
                            null,
                            null,
                            null,
                            null);
                    return changes.insert(connection, change)
                            .compose(done -> journal.proposed(connection, change, person))
                            .map(done -> new Answer.Done(change));
                });
    }
}
