package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * What one message of a charging session was answered; kept, so that the message that comes again gets the same answer.
 *
 * @param message the identity of the message
 * @param at when it was decided
 * @param grants for each rating group that asked, in the order of asking
 */
public record ChargeAnswer(String message, Instant at, List<VolumeGrant> grants) {
    public ChargeAnswer {
        requireNonNull(message, "message is null");
        requireNonNull(at, "at is null");
        grants = List.copyOf(grants);
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
