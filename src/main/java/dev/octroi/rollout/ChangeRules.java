package dev.octroi.rollout;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * When a change needs a second person, and how long things may take.
 *
 * @param approvalAbove a person may change so many subscriptions within a day alone; 0: none
 * @param approvalLife how long a change waits for approval
 * @param undeliveredAfter how long the network may take to confirm a policy; zero: it is not asked
 */
public record ChangeRules(int approvalAbove, Duration approvalLife, Duration undeliveredAfter) {
    public ChangeRules {
        requireNonNull(approvalLife, "approvalLife is null");
        requireNonNull(undeliveredAfter, "undeliveredAfter is null");
    }
}
