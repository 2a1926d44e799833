package dev.octroi.privacy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a subscription stands when its traveller asks to be forgotten.
 *
 * @param begunAt when an erasure was begun; null: it was not
 * @param erasedAt when it was done; null: it is not
 * @param cancelled whether the sale was taken back
 * @param ended whether its plan is over
 * @param leftAt when a member left its shared volume; null: it did not
 * @param endsAt the plan's end; null: none yet
 * @param open what is still to be settled
 */
record Standing(
        @Nullable Instant begunAt,
        @Nullable Instant erasedAt,
        boolean cancelled,
        boolean ended,
        @Nullable Instant leftAt,
        @Nullable Instant endsAt,
        Open open) {
    /**
     * What is still to be settled.
     *
     * @param session a charging session counts on
     * @param dispute a case is not settled
     * @param policy the network has not yet heard of the last policy
     * @param order the SM-DP+ still works on the order
     */
    record Open(boolean session, boolean dispute, boolean policy, boolean order) {}

    /**
     * Why nothing is erased yet; empty: it may be.
     *
     * @param lateness how long after its end a record may come
     */
    Optional<Erasure.Reason> refusal(Instant now, Duration lateness) {
        if (begunAt != null) {
            return Optional.empty();
        }
        if (!cancelled && !ended && leftAt == null) {
            return Optional.of(Erasure.Reason.ALIVE);
        }
        if (open.session()) {
            return Optional.of(Erasure.Reason.SESSION_OPEN);
        }
        if (open.dispute()) {
            return Optional.of(Erasure.Reason.CASE_OPEN);
        }
        if (open.policy() || open.order()) {
            return Optional.of(Erasure.Reason.STILL_TELLING);
        }
        Instant end = leftAt == null ? endsAt : leftAt;
        boolean mayBeCharged = !cancelled && end != null && now.isBefore(end.plus(lateness));
        return mayBeCharged ? Optional.of(Erasure.Reason.RECORDS_MAY_COME) : Optional.empty();
    }
}
