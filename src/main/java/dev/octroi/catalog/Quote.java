package dev.octroi.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A price held for a while.
 *
 * @param id the quote
 * @param planId the plan
 * @param planVersion the version that it is about
 * @param quantity how many subscriptions, 1 to 20
 * @param total the price of all
 * @param expiresAt the first moment at which it no longer holds
 */
public record Quote(long id, long planId, int planVersion, int quantity, Money total, Instant expiresAt) {
    public Quote {
        requireNonNull(total, "total is null");
        requireNonNull(expiresAt, "expiresAt is null");
    }
}
