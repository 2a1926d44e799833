package dev.octroi.quota.decide;

import dev.octroi.policy.Condition;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.quota.account.Charges;
import dev.octroi.quota.account.Joining;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.Share;
import java.util.List;
import java.util.Optional;

/**
 * A subscription that had a volume of its own goes on with another one's. Its own has to be over, so that nothing that was paid
 * for is lost and no byte has two volumes to be taken from. See docs/adr/0041-what-is-told-of-a-shared-volume.md.
 */
final class JoinWatch {
    static final Reply NOBODY =
            new Reply.Refused(Refusal.NOT_THE_OWNER, "There is no account whose volume it could spend.");

    private JoinWatch() {}

    /** Why an account cannot join; empty when it can. */
    static Optional<Reply> refusal(Draft owner, Draft joiner) {
        Joining full = Joining.refusal(owner.terms, owner.ended, owner.share, 1).orElse(null);
        if (full != null) {
            return switch (full) {
                case NOT_SHARED -> refused(Refusal.NOT_SHARED, "The plan is for one subscription.");
                case ENDED -> refused(Refusal.PLAN_ENDED, "The plan of the shared account has ended.");
                case FULL -> refused(Refusal.SHARED_FULL, "As many subscriptions draw from it as the plan allows.");
                case UNKNOWN, NOT_THE_OWNER -> Optional.of(NOBODY);
            };
        }
        if (!joiner.terms.equals(owner.terms)) {
            return refused(Refusal.PLAN_MISMATCH, "Only subscriptions of one plan as sold share a volume.");
        }
        Charges charges = joiner.charges;
        if (charges.agreedAt() != null || charges.minor() > 0 || charges.rest() > 0) {
            return refused(Refusal.HAS_CHARGES, "It was charged for use beyond its own volume, or agreed to be.");
        }
        if (!joiner.ended && joiner.buckets.stream().anyMatch(bucket -> bucket.remainingBytes() > 0)) {
            return refused(Refusal.VOLUME_LEFT, "Its own volume is not used up.");
        }
        if (Allowances.renewsAt(joiner) != null) {
            return refused(Refusal.VOLUME_LEFT, "Its own volume comes anew before its plan ends.");
        }
        return Optional.empty();
    }

    /** Its own volume, period and what followed from them are over; from now on it draws from the owner's. */
    static void enter(Draft owner, Draft joiner) {
        long before = joiner.usedBytes + joiner.beyondBytes;
        joiner.usedBytes = 0;
        joiner.beyondBytes = before;
        BeforeDate.forget(joiner);
        joiner.share = Share.Member.later(owner.key.accountId(), joiner.now, before);
        owner.share = owner.share instanceof Share.Owner share
                ? share.with(joiner.key.accountId())
                : new Share.Owner(List.of(joiner.key.accountId()));
        joiner.release(each -> each.restrictionClass() == RestrictionClass.PLAN_QUOTA
                || each.id().equals(OverageWatch.LIMIT)
                || (each.id().equals(FairUseWatch.ID) && FairUseWatch.isForPlan(joiner))
                || RuleWatch.isForPeriod(joiner, each.ruleId()));
        joiner.rules.values().stream()
                .flatMap(set -> set.rules().stream())
                .filter(rule -> rule.when() instanceof Condition.Used used && used.window() == Rule.Window.PERIOD)
                .forEach(rule -> joiner.ruleCounts.remove(RuleWatch.key(rule)));
    }

    private static Optional<Reply> refused(Refusal refusal, String detail) {
        return Optional.of(new Reply.Refused(refusal, detail));
    }
}
