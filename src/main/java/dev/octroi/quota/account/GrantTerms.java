package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How large a promise may be.
 *
 * @param smallestBytes no slice is smaller while there is as much, 1 or more
 * @param largestBytes no slice is larger
 * @param validity after this a consumer asks again, however little was used; 1 minute to 1 day
 */
public record GrantTerms(long smallestBytes, long largestBytes, Duration validity) {
    /** 1 MB to 50 MB, for 15 minutes. */
    public static final GrantTerms DEFAULT = new GrantTerms(1_000_000, 50_000_000, Duration.ofMinutes(15));

    /** Each slice leaves three times as much to others, so that several sessions find something to the end. */
    private static final int SHARE = 4;

    public GrantTerms {
        requireNonNull(validity, "validity is null");
        if (smallestBytes < 1 || largestBytes < smallestBytes) {
            throw new IllegalArgumentException("a slice has 1 byte or more, and the largest is not below the smallest");
        }
        if (validity.compareTo(Duration.ofMinutes(1)) < 0 || validity.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("a grant is valid for 1 minute to 1 day");
        }
    }

    /** The next slice of what is there: a share of it within the bounds, and never more than it. */
    public long sliceBytes(long availableBytes) {
        return Math.min(availableBytes, Math.clamp(availableBytes / SHARE, smallestBytes, largestBytes));
    }
}
