package dev.octroi.smdp;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.PublicId;
import dev.octroi.rsp.order.OperatorCall;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.secret.Sensitive;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;

/**
 * An order of one profile at another SM-DP+, as it is taken in hand.
 *
 * @param tenantId whose it is
 * @param profileId the identifier that the profile gets
 * @param profileType what is asked for
 * @param profileName shown to people
 * @param phase what is to be done
 * @param matchingId the token that the order is confirmed with
 * @param round part of the call's identifier, grows with each refusal that says that nothing was done
 * @param unanswered how often the present call was sent before without an answer that says what became of it
 * @param attempts how often the order was taken in hand, this time included
 * @param giveBack whether the order failed and its number is still to be given back
 * @param toLeave whether the order failed and {@link ProfileOrderListener#lost} is still to be done
 */
record ProfileOrder(
        int tenantId,
        long profileId,
        String profileType,
        String profileName,
        Phase phase,
        Sensitive<String> matchingId,
        int round,
        int unanswered,
        int attempts,
        boolean giveBack,
        boolean toLeave) {
    private static final long FIRST_PAUSE_MS = 1_000;
    private static final String USED_UP = "8.2.5/3.7";
    private static final Set<String> PASSING = Set.of(USED_UP, "1.2/4.2", "1.2/4.4");

    /** How far an order for which something is to be done has come. */
    enum Phase {
        /** No number is known. */
        WANTED(60, 600_000),
        /** The number is known. */
        RESERVED(60, 600_000),
        /** The order failed, and what is left to do then is tried for a week. */
        FAILED(180, 3_600_000);

        private final int maxAttempts;
        private final long maxPauseMs;

        Phase(int maxAttempts, long maxPauseMs) {
            this.maxAttempts = maxAttempts;
            this.maxPauseMs = maxPauseMs;
        }

        static Phase of(String state) {
            return valueOf(state.toUpperCase(Locale.ROOT));
        }
    }

    ProfileOrder {
        requireNonNull(phase, "phase is null");
        requireNonNull(profileType, "profileType is null");
        requireNonNull(profileName, "profileName is null");
        requireNonNull(matchingId, "matchingId is null");
    }

    /** The same once its number is known: what it took to get there says nothing of the calls to come. */
    ProfileOrder reserved() {
        return new ProfileOrder(
                tenantId,
                profileId,
                profileType,
                profileName,
                Phase.RESERVED,
                matchingId,
                round,
                1,
                1,
                giveBack,
                toLeave);
    }

    /** The call of a function, with the same {@code functionCallIdentifier} until it is known what became of it. */
    OperatorCall call(String function) {
        String identifier = PublicId.PROFILE.format(profileId) + "-" + function + "-" + round;
        return new OperatorCall(tenantId, 0, Set.of(), identifier, function);
    }

    /** Whether another attempt may help: the stock is filled again, the server is less busy. */
    boolean mayTryAgain(GsmaStatus refusal) {
        return isPassing(refusal) && mayTryAgain();
    }

    static boolean isPassing(GsmaStatus refusal) {
        return PASSING.contains(refusal.toString());
    }

    /**
     * Whether a refusal says that nothing was done, so that the next attempt is a new call. An execution error leaves open how
     * far the server came: the same call is made again, as after no answer at all.
     */
    static boolean isNothingDone(GsmaStatus refusal) {
        return refusal.toString().equals(USED_UP);
    }

    boolean mayTryAgain() {
        return attempts < phase.maxAttempts;
    }

    /**
     * When the next attempt is due: a second after this one, then twice as long each time, up to a bound.
     *
     * @param pauseScale factor on the pauses; 1 but in tests and in the demo
     */
    Instant nextAt(Instant now, double pauseScale) {
        long pauseMs = Math.min(phase.maxPauseMs, FIRST_PAUSE_MS << Math.min(attempts - 1, 20));
        return now.plusMillis((long) (pauseMs * pauseScale));
    }
}
