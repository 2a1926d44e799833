package dev.octroi.rollout;

import dev.octroi.quota.account.ChangeAct;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change over many subscriptions, as it is kept.
 *
 * @param version counts what happened to it; its ETag
 * @param proposedToken the {@code jti} of the token it was proposed with
 * @param ofOperator whether the operator proposed it; not known of those of before
 * @param decidedBy who approved or rejected it; null while nobody did or had to
 * @param undoneBy who wanted it undone; null while nobody did
 * @param endedAt when nothing was left to do; null before
 */
public record PolicyChange(
        int tenantId,
        long id,
        long version,
        Rollout rollout,
        RolloutPlan plan,
        ChangeAct act,
        ChangeTarget target,
        String reason,
        String proposedBy,
        String proposedToken,
        Instant proposedAt,
        boolean ofOperator,
        @Nullable String decidedBy,
        @Nullable Instant decidedAt,
        @Nullable Person undoneBy,
        @Nullable Instant endedAt) {
    /** Whose change it is, whoever approves or undoes it. */
    Person proposer() {
        return new Person(proposedBy, proposedToken, ofOperator);
    }
}
