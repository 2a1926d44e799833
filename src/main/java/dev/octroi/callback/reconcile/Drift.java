package dev.octroi.callback.reconcile;

import dev.octroi.policy.Policy;
import dev.octroi.policy.UsedUp;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A policy that the network has not confirmed, and where its delivery stands. What to do about it is decided here, without
 * a database.
 *
 * @param desiredVersion what the network should have, decided at {@code desiredAt}
 * @param confirmedVersion what it said it has, lower than the desired one
 * @param repairs repairs of this version so far
 * @param escalated whether somebody has been told of this version
 * @param driftedAt when it was found that the network had lost this version after it had confirmed it; null: it has not
 * @param outboxId the row that carries the desired version; null: there is none
 * @param outboxState its state
 * @param payload the policy itself; null when the decision is not kept any more
 * @param error why the last attempt failed, without any identifier
 */
record Drift(
        int tenantId,
        short vshard,
        long accountId,
        long subscriptionId,
        long desiredVersion,
        Instant desiredAt,
        long sentVersion,
        long confirmedVersion,
        int repairs,
        boolean escalated,
        @Nullable Instant driftedAt,
        @Nullable Long outboxId,
        @Nullable String outboxState,
        @Nullable JsonObject payload,
        @Nullable String error) {
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration LONGEST_ON_ITS_WAY = Duration.ofMinutes(5);
    private static final int MAX_DOUBLINGS = 20;
    private static final int DATA_SUSPENDED = 4;

    /** Why a policy has to be sent again. */
    enum Cause {
        /** There is nothing in the outbox that would ever tell it. */
        MISSING("missing"),
        /** The network refused it, or it was given up. */
        DEAD("dead"),
        /** It gave way to a version that is no more. */
        SUPERSEDED("superseded"),
        /** The network had confirmed it, and has lost it. */
        LOST("lost"),
        /** It was taken, but what should have followed did not come. */
        UNANSWERED("unanswered");

        private final String word;

        Cause(String word) {
            this.word = word;
        }

        /** The value of the metric's tag. */
        String word() {
            return word;
        }
    }

    /** Why this policy has to be sent again; empty while its delivery is under way. */
    Optional<Cause> repair() {
        if (outboxId == null || outboxState == null) {
            return payload == null ? Optional.empty() : Optional.of(Cause.MISSING);
        }
        return switch (outboxState) {
            case "dead" -> Optional.of(Cause.DEAD);
            case "superseded" -> Optional.of(Cause.SUPERSEDED);
            case "delivered" -> Optional.of(driftedAt == null ? Cause.UNANSWERED : Cause.LOST);
            default -> Optional.empty();
        };
    }

    /** Whether somebody has to be told now. */
    boolean escalates(Instant now, Duration escalateAfter) {
        return !escalated && !since().plus(escalateAfter).isAfter(now);
    }

    /** Since when the network has been without it. */
    Instant since() {
        return driftedAt != null && driftedAt.isAfter(desiredAt) ? driftedAt : desiredAt;
    }

    /** Whether data passes although somebody suspended it. Where there is nothing left, sessions find that out by themselves. */
    boolean leaks() {
        return payload != null && stops() && !UsedUp.isReason(payload.getString("reason", Policy.NO_REASON));
    }

    /** Whether it stops data. */
    boolean stops() {
        return payload != null && payload.getInteger("level", 0) >= DATA_SUSPENDED;
    }

    /**
     * How long to leave the policy alone after this look: doubles with each repair, up to an hour. What is on its way is left alone for
     * as long as it has waited, up to five minutes, and is looked at when somebody has to be told.
     */
    Duration pause(Instant now, Duration repairAfter, Duration escalateAfter) {
        return repair().isPresent() ? pauseOfRepairs(repairAfter) : pauseOnItsWay(now, repairAfter, escalateAfter);
    }

    private Duration pauseOfRepairs(Duration repairAfter) {
        Duration doubled = repairAfter.multipliedBy(1L << Math.min(repairs, MAX_DOUBLINGS));
        return doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST.compareTo(repairAfter) < 0 ? repairAfter : LONGEST;
    }

    private Duration pauseOnItsWay(Instant now, Duration repairAfter, Duration escalateAfter) {
        Duration waited = Duration.between(since(), now);
        Duration pause = waited.compareTo(LONGEST_ON_ITS_WAY) < 0 ? waited : LONGEST_ON_ITS_WAY;
        Duration left = Duration.between(now, since().plus(escalateAfter));
        if (!escalated && left.isPositive() && left.compareTo(pause) < 0) {
            pause = left;
        }
        return pause.compareTo(repairAfter) < 0 ? repairAfter : pause;
    }
}
