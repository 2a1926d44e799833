package dev.octroi.callback.outbox;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * How a receiver took what it was told.
 *
 * @param result what becomes of the row
 * @param status the HTTP status, null when there was none
 * @param error why it was not taken, in words without any identifier; null for a success
 * @param atLeastMs how long to leave it alone at least, 0 or more
 * @param told whether anything was sent, or is in force without
 */
public record Taken(
        Attempt.Result result,
        @Nullable Integer status,
        @Nullable String error,
        long atLeastMs,
        boolean told) {
    public Taken {
        requireNonNull(result, "result is null");
    }

    /** It is in force. */
    public static Taken delivered(@Nullable Integer status) {
        return new Taken(Attempt.Result.DELIVERED, status, null, 0, true);
    }

    /** It was accepted; whether it is in force is told or read later. */
    public static Taken sent(@Nullable Integer status) {
        return new Taken(Attempt.Result.SENT, status, null, 0, true);
    }

    /** Something has to happen first, and nobody is to blame. */
    public static Taken waiting(String error) {
        return new Taken(Attempt.Result.WAIT, null, error, 0, true);
    }

    /** Something is missing, so nothing was sent, and nobody is to blame. */
    public static Taken withheld(String error) {
        return new Taken(Attempt.Result.WAIT, null, error, 0, false);
    }

    /** Nothing was sent, and nothing can be. */
    public static Taken impossible(String error) {
        return new Taken(Attempt.Result.DEAD, null, error, 0, false);
    }

    /** It was not taken now, and may be later. */
    public static Taken again(@Nullable Integer status, String error) {
        return new Taken(Attempt.Result.RETRY, status, error, 0, true);
    }

    /** It was refused, and will be. */
    public static Taken dead(@Nullable Integer status, String error) {
        return new Taken(Attempt.Result.DEAD, status, error, 0, true);
    }

    /** The verdict of the standard rules on an HTTP status of a policy. */
    public static Taken ofStatus(int status, String error, long retryAfterMs) {
        if (status >= 200 && status < 300) {
            return delivered(status);
        }
        return Verdict.isFinal(Stream.NETWORK, status)
                ? dead(status, error)
                : new Taken(Attempt.Result.RETRY, status, error, retryAfterMs, true);
    }
}
