package dev.octroi.quota;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * One volume that an account may use.
 *
 * @param id counts the account's buckets from 1
 * @param kind where it comes from
 * @param reference identity of the purchase or credit; {@code plan} for the plan's own
 * @param reason words for the traveller
 * @param quotaBytes its size
 * @param usedBytes what was taken from it, 0 to its size
 */
public record Bucket(int id, Kind kind, String reference, String reason, long quotaBytes, long usedBytes) {
    public Bucket {
        requireNonNull(kind, "kind is null");
        requireNonNull(reference, "reference is null");
        requireNonNull(reason, "reason is null");
        if (quotaBytes < 0 || usedBytes < 0 || usedBytes > quotaBytes) {
            throw new IllegalArgumentException("a bucket holds between nothing and its size");
        }
    }

    /** What is left. */
    public long remainingBytes() {
        return quotaBytes - usedBytes;
    }

    /** The same with more taken. */
    Bucket take(long bytes) {
        return new Bucket(id, kind, reference, reason, quotaBytes, usedBytes + bytes);
    }

    /** Where a bucket comes from. */
    public enum Kind {
        PLAN,
        TOP_UP,
        CREDIT;

        /** The stable word of APIs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
