package dev.octroi.rollout;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which subscriptions a change is for: those of the tenant whose plan has not ended and that meet all that is named.
 *
 * @param planId sold with this plan, in any version
 * @param country where the device was last reported, ISO 3166-1 alpha-2
 * @param subscriptions one of these, at most {@link #MAX_NAMED}; empty: any
 */
public record ChangeTarget(OptionalLong planId, Optional<String> country, Set<Long> subscriptions) {
    /** Most subscriptions that may be named. */
    public static final int MAX_NAMED = 1_000;

    /**
     * A subscription that a change is for.
     *
     * @param subscriptionId the subscription
     * @param accountId its account
     */
    public record Meant(long subscriptionId, long accountId) {}

    public ChangeTarget {
        subscriptions = Set.copyOf(subscriptions);
        if (subscriptions.size() > MAX_NAMED) {
            throw new IllegalArgumentException("at most 1,000 subscriptions are named");
        }
    }

    /** The same target has the same words. */
    public String words() {
        return planId + "/" + country + "/" + new TreeSet<>(subscriptions);
    }
}
