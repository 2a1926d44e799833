package dev.octroi.web.console;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as the console lists it.
 *
 * @param tenantName the reseller's name
 * @param level the policy's level, as {@link dev.octroi.policy.Level} names it
 * @param downKbps the cap towards the device, when there is one
 * @param reason the policy's reason code
 * @param usedBytes taken from the account's buckets; for a member of a shared volume by all from the owner's
 * @param quotaBytes size of the account's buckets; for a member of the owner's
 * @param isMember whether it spends the volume of another subscription
 * @param lastEventAt the end of the latest record counted
 * @param ended whether the plan's period is over
 * @param desiredVersion the policy decided last
 * @param confirmedVersion the newest one the network confirmed
 */
record SubscriptionRow(
        int tenantId,
        String tenantName,
        long id,
        String planName,
        Instant createdAt,
        String level,
        @Nullable Integer downKbps,
        String reason,
        @Nullable Instant untilAt,
        long usedBytes,
        long quotaBytes,
        boolean isMember,
        @Nullable Instant lastEventAt,
        boolean ended,
        long desiredVersion,
        long confirmedVersion) {

    /** What is left in the buckets. */
    long leftBytes() {
        return Math.max(0, quotaBytes - usedBytes);
    }
}
