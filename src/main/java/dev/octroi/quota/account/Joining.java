package dev.octroi.quota.account;

import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Sharing;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a subscription cannot spend another one's volume. */
public enum Joining {
    /** There is no such account. */
    UNKNOWN,
    /** The plan is for one subscription. */
    NOT_SHARED,
    /** The account draws from another one itself. */
    NOT_THE_OWNER,
    /** As many subscriptions draw from it as the plan allows. */
    FULL,
    /** The plan has ended. */
    ENDED;

    /**
     * Why nobody can join an account; empty when they can.
     *
     * @param owner whose volume it would be; null: there is no such account
     * @param quantity how many would join
     */
    public static Optional<Joining> refusal(@Nullable AccountState owner, int quantity) {
        if (owner == null) {
            return Optional.of(UNKNOWN);
        }
        if (owner.share() instanceof Share.Member) {
            return Optional.of(NOT_THE_OWNER);
        }
        return refusal(owner.terms(), owner.ended(), owner.share(), quantity);
    }

    /**
     * The same of an account that draws from no other one.
     *
     * @param owner what it shares so far
     */
    public static Optional<Joining> refusal(PlanTerms terms, boolean ended, Share owner, int quantity) {
        Sharing sharing = terms.sharing();
        if (sharing == null) {
            return Optional.of(NOT_SHARED);
        }
        if (ended) {
            return Optional.of(ENDED);
        }
        int members = owner instanceof Share.Owner share ? share.members().size() : 0;
        return members + 1 + quantity > sharing.maxMembers() ? Optional.of(FULL) : Optional.empty();
    }
}
