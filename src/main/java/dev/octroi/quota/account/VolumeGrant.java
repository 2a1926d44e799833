package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

/**
 * What a rating group of a charging session may use next.
 *
 * @param ratingGroup the group, 0 to 4294967295
 * @param result whether there is something
 * @param bytes volume granted; 0 unless {@link Result#SUCCESS}
 * @param thresholdBytes the consumer asks again when no more than this is left; 0 where it need not
 * @param validitySeconds after this it asks again anyway; 0 without a grant
 * @param isFinal whether this is all there is: traffic ends with it
 */
public record VolumeGrant(
        long ratingGroup, Result result, long bytes, long thresholdBytes, long validitySeconds, boolean isFinal) {
    public VolumeGrant {
        requireNonNull(result, "result is null");
        if (bytes < 0 || thresholdBytes < 0 || thresholdBytes > bytes || validitySeconds < 0) {
            throw new IllegalArgumentException("a grant out of range");
        }
    }

    /** Nothing is granted, and why. */
    public static VolumeGrant none(long ratingGroup, Result result) {
        return new VolumeGrant(ratingGroup, result, 0, 0, 0, false);
    }

    /**
     * The part of one of several UPFs that share bytes equally.
     *
     * @param place whose, from 0
     * @param parts how many share, 1 or more
     */
    public static long partOf(long bytes, int place, int parts) {
        return bytes / parts + (place < bytes % parts ? 1 : 0);
    }

    /** The result codes of a rating group that are used (3GPP TS 32.291 §6.1.6.3.14). */
    public enum Result {
        SUCCESS,
        /** The volume is used up, or promised to other sessions. */
        QUOTA_LIMIT_REACHED,
        /** A restriction holds all data of the account. */
        END_USER_SERVICE_DENIED
    }
}
