package dev.octroi.quota.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the network has followed.
 *
 * @param desiredVersion the policy decided last
 * @param desiredAt when it was
 * @param sentVersion the newest one sent
 * @param confirmedVersion the newest one the network confirmed
 * @param confirmedAt when it did
 * @param error why the newest attempt was not confirmed; null after a confirmation, and before any attempt
 */
public record Delivery(
        long desiredVersion,
        Instant desiredAt,
        long sentVersion,
        long confirmedVersion,
        @Nullable Instant confirmedAt,
        @Nullable String error) {
    /** Whether the network has confirmed what was decided last; so it has where nothing was ever decided. */
    public boolean isConfirmed() {
        return confirmedVersion >= desiredVersion;
    }
}
