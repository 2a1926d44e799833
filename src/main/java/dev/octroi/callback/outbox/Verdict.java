package dev.octroi.callback.outbox;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.call.CallbackAddress;
import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.call.HostBreakers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Judges answers and failures: what becomes of a row, and when it is tried again. */
public final class Verdict {
    private static final long MAX_RETRY_AFTER_SECONDS = 3_600;
    private static final long WAIT_MS = 5_000;
    private static final long MAX_WAIT_MS = 3_600_000;
    private static final int MAX_WORDS = 200;

    private final DispatcherSettings settings;
    private final RetrySchedule schedule;
    private final InstantSource clock;

    public Verdict(DispatcherSettings settings, RetrySchedule schedule, InstantSource clock) {
        this.settings = requireNonNull(settings, "settings is null");
        this.schedule = requireNonNull(schedule, "schedule is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** What comes of an answer to a row that was sent {@code at}. */
    public Attempt of(ClaimedRow row, Instant at, CallbackClient.Answer answer) {
        int status = answer.status();
        if (status >= 200 && status < 300) {
            return attempt(row, Attempt.Result.DELIVERED, at, status, null, true, 0);
        }
        String error = "status " + status;
        if (isFinal(row.stream(), status)) {
            return attempt(row, Attempt.Result.DEAD, at, status, error, true, 0);
        }
        return again(row, at, status, error, retryAfterMs(answer.retryAfter()), true);
    }

    /** What comes of how a partner took a policy. */
    public Attempt of(ClaimedRow row, Instant at, Taken taken) {
        return switch (taken.result()) {
            case RETRY -> again(row, at, taken.status(), requireNonNull(taken.error()), taken.atLeastMs(), true);
            case WAIT ->
                attempt(
                        row,
                        Attempt.Result.WAIT,
                        at,
                        taken.status(),
                        taken.error(),
                        taken.told(),
                        schedule.delayMs(row.stream(), row.attempts()).orElse(MAX_WAIT_MS));
            default -> attempt(row, taken.result(), at, taken.status(), taken.error(), taken.told(), 0);
        };
    }

    /** What comes of an attempt that failed, or that there was nobody for. */
    public Attempt of(ClaimedRow row, Instant at, Throwable failure) {
        if (failure instanceof GivenUpException) {
            return attempt(row, Attempt.Result.DEAD, at, null, failure.getMessage(), false, 0);
        }
        if (failure instanceof UnwantedException) {
            return attempt(row, Attempt.Result.UNWANTED, at, null, failure.getMessage(), false, 0);
        }
        if (failure instanceof NobodyThereException) {
            long delayMs =
                    (long) (settings.scheduleScale() * Math.min(MAX_WAIT_MS, WAIT_MS << Math.min(row.attempts(), 20)));
            return attempt(row, Attempt.Result.WAIT, at, null, failure.getMessage(), false, delayMs);
        }
        boolean told = !(failure instanceof CallbackAddress.RefusedException)
                && !(failure instanceof HostBreakers.NotNowException);
        return again(row, at, null, words(failure), 0, told);
    }

    /** Messages of network exceptions may quote what was sent; the class says enough. */
    public static String words(Throwable failure) {
        if (failure instanceof HostBreakers.NotNowException) {
            return HostBreakers.NotNowException.WORDS;
        }
        return failure instanceof CallbackAddress.RefusedException
                ? "address refused: " + failure.getMessage()
                : failure.getClass().getSimpleName();
    }

    /**
     * Whether there is no point in another attempt. An operator whose address or permissions are not in order yet still
     * has to hear of each step.
     */
    public static boolean isFinal(Stream stream, int status) {
        return switch (status) {
            case 408, 409, 425, 429 -> false;
            case 401, 403, 404 -> stream != Stream.ES2;
            default -> status >= 400 && status < 500;
        };
    }

    /** Seconds of a Retry-After header, at most an hour; 0 for a date or nonsense. */
    public static long retryAfterMs(@Nullable String header) {
        if (header == null || header.isEmpty() || header.length() > 9) {
            return 0;
        }
        for (int i = 0; i < header.length(); i++) {
            if (header.charAt(i) < '0' || header.charAt(i) > '9') {
                return 0;
            }
        }
        return Math.min(MAX_RETRY_AFTER_SECONDS, Long.parseLong(header)) * 1_000;
    }

    private Attempt again(
            ClaimedRow row, Instant at, @Nullable Integer status, String error, long atLeastMs, boolean told) {
        OptionalLong delay = schedule.delayMs(row.stream(), row.attempts());
        return delay.isPresent()
                ? attempt(row, Attempt.Result.RETRY, at, status, error, told, Math.max(atLeastMs, delay.getAsLong()))
                : attempt(row, Attempt.Result.DEAD, at, status, error, told, 0);
    }

    private Attempt attempt(
            ClaimedRow row,
            Attempt.Result result,
            Instant at,
            @Nullable Integer status,
            @Nullable String error,
            boolean told,
            long delayMs) {
        Instant now = clock.instant();
        long durationMs = Math.clamp(Duration.between(at, now).toMillis(), 0, Integer.MAX_VALUE);
        String words = error == null || error.length() <= MAX_WORDS ? error : error.substring(0, MAX_WORDS);
        return new Attempt(row, result, at, durationMs, status, words, told, now.plusMillis(delayMs));
    }

    /** There is no point in another attempt. */
    public static final class GivenUpException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public GivenUpException(String message) {
            super(requireNonNull(message), null, false, false);
        }
    }

    /** The receiver does not hear of such steps. */
    public static final class UnwantedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public UnwantedException() {
            super("the receiver does not hear of this", null, false, false);
        }
    }

    /** There is nobody to send to yet. */
    public static final class NobodyThereException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public NobodyThereException(String message) {
            super(requireNonNull(message), null, false, false);
        }
    }
}
