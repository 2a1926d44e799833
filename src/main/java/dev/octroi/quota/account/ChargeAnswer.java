package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * What one message of a charging session was answered; kept, so that the message that comes again gets the same answer.
 *
 * @param message the identity of the message; behind {@link #REPORT}, where there is one, is not who it is but what it reported
 * @param at when it was decided
 * @param grants for each rating group that asked, in the order of asking
 */
public record ChargeAnswer(String message, Instant at, List<VolumeGrant> grants) {
    /** Stands in the identity of a message between its number and a hash of what it reports. */
    public static final char REPORT = '#';

    public ChargeAnswer {
        requireNonNull(message, "message is null");
        requireNonNull(at, "at is null");
        grants = List.copyOf(grants);
    }

    /** Whether it is the answer to a message of this identity. */
    boolean isTo(String identity) {
        int length = numberLength(message);
        return length == numberLength(identity) && message.regionMatches(0, identity, 0, length);
    }

    /** Whether a message of the same number reports something else: one of the two is not what its number says. */
    public boolean isToAnother(String identity) {
        return message.indexOf(REPORT) >= 0
                && identity.indexOf(REPORT) >= 0
                && isTo(identity)
                && !message.equals(identity);
    }

    /** How much of an identity says which message it is. */
    private static int numberLength(String identity) {
        int end = identity.indexOf(REPORT);
        return end < 0 ? identity.length() : end;
    }

    /** Whether a rating group was answered. */
    boolean isAbout(long ratingGroup) {
        for (VolumeGrant grant : grants) {
            if (grant.ratingGroup() == ratingGroup) {
                return true;
            }
        }
        return false;
    }
}
