package dev.octroi.callback.outbox;

import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt. Pure but for the injected randomness.
 *
 * <p>The network and operators are retried for as long as the row matters, with full jitter between 0 and 1 s, 2 s, 4 s
 * … 5 min, so that a receiver that comes back is not met by everyone at once. What sessions are told goes on after that for
 * a day, every 5 minutes. Webhooks follow the schedule of Standard Webhooks with a jitter of 20 % and then end in a dead
 * letter.
 */
public final class RetrySchedule {
    private static final long FIRST_MS = 1_000;
    private static final long LAST_MS = 300_000;
    private static final int FIRST_CHARGING_ATTEMPTS = 20;
    private static final int MAX_CHARGING_ATTEMPTS = FIRST_CHARGING_ATTEMPTS + 288;
    private static final int MAX_ES2_ATTEMPTS = 900;
    private static final List<Long> WEBHOOK_SECONDS =
            List.of(5L, 300L, 1_800L, 7_200L, 18_000L, 36_000L, 50_400L, 72_000L, 86_400L);

    private final double scale;
    private final RandomGenerator random;

    /** @param scale factor on every delay; 1 in production */
    public RetrySchedule(double scale, RandomGenerator random) {
        this.scale = scale;
        this.random = random;
    }

    /**
     * Milliseconds until the next attempt; empty when there is none.
     *
     * @param attempts attempts made so far, 1 or more
     */
    public OptionalLong delayMs(Stream stream, int attempts) {
        return switch (stream) {
            case NETWORK -> OptionalLong.of(fullJitter(attempts));
            case CHARGING -> chargingDelayMs(attempts);
            case ES2 -> attempts >= MAX_ES2_ATTEMPTS ? OptionalLong.empty() : OptionalLong.of(fullJitter(attempts));
            case WEBHOOK ->
                attempts > WEBHOOK_SECONDS.size()
                        ? OptionalLong.empty()
                        : OptionalLong.of(aroundMs(WEBHOOK_SECONDS.get(attempts - 1) * 1_000));
        };
    }

    /** A consumer that stops traffic until it is told asks again by no other reason; one that is over is not told at all. */
    private OptionalLong chargingDelayMs(int attempts) {
        if (attempts >= MAX_CHARGING_ATTEMPTS) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(attempts < FIRST_CHARGING_ATTEMPTS ? fullJitter(attempts) : aroundMs(LAST_MS));
    }

    private long fullJitter(int attempts) {
        long ceilingMs = Math.min(LAST_MS, FIRST_MS << Math.min(attempts - 1, 20));
        return Math.max(1, (long) (random.nextDouble() * ceilingMs * scale));
    }

    private long aroundMs(long delayMs) {
        return Math.max(1, (long) (delayMs * scale * (0.8 + 0.4 * random.nextDouble())));
    }
}
