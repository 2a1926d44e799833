package dev.octroi.quota.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the network has followed.
 *
 * @param desiredVersion the policy decided last
 * @param sentVersion the newest one sent
 * @param confirmedVersion the newest one the network confirmed
 * @param confirmedAt when it did
 */
public record Delivery(
        long desiredVersion,
        long sentVersion,
        long confirmedVersion,
        @Nullable Instant confirmedAt) {}
