package dev.octroi.smdp;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.PublicId;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.secret.Sensitive;
import java.util.Set;

/**
 * An order of one profile at another SM-DP+, as it is taken in hand.
 *
 * @param tenantId whose it is
 * @param profileId the identifier that the profile gets
 * @param profileType what is asked for
 * @param profileName shown to people
 * @param reserved whether the number is known
 * @param matchingId the token that the order is confirmed with
 * @param round part of the call's identifier, grows with each refusal that says that nothing was done
 * @param unanswered how often the present call was sent before without an answer that says what became of it
 * @param attempts how often the order was taken in hand, this time included
 */
record ProfileOrder(
        int tenantId,
        long profileId,
        String profileType,
        String profileName,
        boolean reserved,
        Sensitive<String> matchingId,
        int round,
        int unanswered,
        int attempts) {
    private static final int MAX_ATTEMPTS = 60;
    private static final long FIRST_PAUSE_MS = 1_000;
    private static final long MAX_PAUSE_MS = 600_000;
    private static final String USED_UP = "8.2.5/3.7";
    private static final Set<String> PASSING = Set.of(USED_UP, "1.2/4.2", "1.2/4.4");

    ProfileOrder {
        requireNonNull(profileType, "profileType is null");
        requireNonNull(profileName, "profileName is null");
        requireNonNull(matchingId, "matchingId is null");
    }

    /** The {@code functionCallIdentifier} of a function: the same until it is known what became of it. */
    String callIdentifier(String function) {
        return PublicId.PROFILE.format(profileId) + "-" + function + "-" + round;
    }

    /** Whether another attempt may help: the stock is filled again, the server is less busy. */
    boolean mayTryAgain(GsmaStatus refusal) {
        return PASSING.contains(refusal.toString()) && mayTryAgain();
    }

    /**
     * Whether a refusal says that nothing was done, so that the next attempt is a new call. An execution error leaves open how
     * far the server came: the same call is made again, as after no answer at all.
     */
    static boolean isNothingDone(GsmaStatus refusal) {
        return refusal.toString().equals(USED_UP);
    }

    boolean mayTryAgain() {
        return attempts < MAX_ATTEMPTS;
    }

    /** How long to wait before the next attempt: a second, then twice as long each time, at most ten minutes. */
    long pauseMs() {
        return Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS << Math.min(attempts - 1, 20));
    }
}
