package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A top-up that an account has taken.
 *
 * @param topUp what was bought
 * @param reference what the account knows it by, as events name it
 * @param appliedAt when the account took it
 */
public record AppliedTopUp(TopUp topUp, String reference, Instant appliedAt) {
    public AppliedTopUp {
        requireNonNull(topUp, "topUp is null");
        requireNonNull(reference, "reference is null");
        requireNonNull(appliedAt, "appliedAt is null");
    }
}
