package dev.octroi.callback.outbox;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.call.CircuitBreaker;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one attempt to send a row went, and what becomes of the row.
 *
 * @param row what was sent
 * @param result what becomes of it
 * @param at when the attempt began
 * @param durationMs how long it took
 * @param status the HTTP status, null when no answer came
 * @param error why it failed, in words without any identifier; null for a success
 * @param told whether anything was sent
 * @param nextAt when the next attempt is due; for {@link Result#RETRY} only
 */
public record Attempt(
        ClaimedRow row,
        Result result,
        Instant at,
        long durationMs,
        @Nullable Integer status,
        @Nullable String error,
        boolean told,
        Instant nextAt) {
    public Attempt {
        requireNonNull(row, "row is null");
        requireNonNull(result, "result is null");
    }

    /** Whether the receiver could not answer, or said that it cannot now: a mark against it. */
    boolean unavailable() {
        return switch (result) {
            case RETRY -> status == null || CircuitBreaker.saysNotNow(status);
            case DEAD -> status != null && status >= 500;
            case DELIVERED, SENT, WAIT, UNWANTED -> false;
        };
    }

    /** What an attempt made of its row. */
    public enum Result {
        /** Taken, and in force. */
        DELIVERED("delivered"),
        /** Accepted; whether it is in force comes later, told or read. */
        SENT("delivered"),
        /** Not taken now: again later. */
        RETRY("pending"),
        /** Nobody is there to be asked yet: again later, and no mark against anyone. */
        WAIT("pending"),
        /** The receiver does not want to hear of it. */
        UNWANTED("superseded"),
        /** Refused, or given up. */
        DEAD("dead");

        private final String state;

        Result(String state) {
            this.state = state;
        }

        /** The value in the column {@code outbox.state}. */
        String state() {
            return state;
        }
    }
}
