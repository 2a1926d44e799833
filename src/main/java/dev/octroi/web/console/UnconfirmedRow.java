package dev.octroi.web.console;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A policy that the network has not confirmed.
 *
 * @param desiredVersion what it should have, decided at {@code desiredAt}
 * @param sentVersion the newest it was sent; 0: none
 * @param confirmedVersion the newest it confirmed; 0: none
 * @param repairs how often its delivery had to be begun again
 * @param escalatedAt when the reseller was told; null: not yet
 * @param lastError why the last attempt failed
 */
record UnconfirmedRow(
        String tenantName,
        long subscriptionId,
        String level,
        long desiredVersion,
        Instant desiredAt,
        long sentVersion,
        long confirmedVersion,
        int repairs,
        @Nullable Instant escalatedAt,
        @Nullable String lastError) {}
