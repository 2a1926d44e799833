package dev.octroi.callback.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.callback.call.CircuitBreaker;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RetryTest {
    private final RetrySchedule schedule = new RetrySchedule(1, new SplittableRandom(3));

    @Test
    void networkIsRetriedForeverWithFullJitterUpToFiveMinutes() {
        for (int attempts = 1; attempts < 5_000; attempts++) {
            long ceilingMs = Math.min(300_000, 1_000L << Math.min(attempts - 1, 20));
            assertThat(schedule.delayMs(Stream.NETWORK, attempts).orElseThrow()).isBetween(1L, ceilingMs);
        }
    }

    @Test
    void aSessionIsToldForADayWhateverBecameOfTheFirstAttempts() {
        assertThat(schedule.delayMs(Stream.CHARGING, 19).orElseThrow()).isBetween(1L, 300_000L);
        long sumMs = 0;
        for (int attempts = 20; attempts < 308; attempts++) {
            long delayMs = schedule.delayMs(Stream.CHARGING, attempts).orElseThrow();
            assertThat(delayMs).isBetween(240_000L, 360_000L);
            sumMs += delayMs;
        }
        assertThat(Duration.ofMillis(sumMs)).isBetween(Duration.ofHours(23), Duration.ofHours(25));
        assertThat(schedule.delayMs(Stream.CHARGING, 308)).isEmpty();
    }

    @Test
    void webhookFollowsTheScheduleAndThenEnds() {
        assertThat(schedule.delayMs(Stream.WEBHOOK, 1).orElseThrow()).isBetween(4_000L, 6_000L);
        assertThat(schedule.delayMs(Stream.WEBHOOK, 2).orElseThrow()).isBetween(240_000L, 360_000L);
        assertThat(schedule.delayMs(Stream.WEBHOOK, 9).orElseThrow()).isBetween(69_120_000L, 103_680_000L);
        assertThat(schedule.delayMs(Stream.WEBHOOK, 10)).isEmpty();
    }

    @Test
    void scaleShortensEveryDelay() {
        RetrySchedule fast = new RetrySchedule(0.001, new SplittableRandom(4));
        assertThat(fast.delayMs(Stream.WEBHOOK, 2).orElseThrow()).isBetween(240L, 360L);
    }

    @Test
    void breakerOpensAfterFiveFailuresAndProbesOnce() {
        CircuitBreaker breaker = new CircuitBreaker(1);
        for (int i = 0; i < 4; i++) {
            breaker.failed(0);
        }
        assertThat(breaker.free(0, 0, 16)).isEqualTo(16);
        breaker.failed(0);
        assertThat(breaker.free(999, 0, 16)).isZero();
        assertThat(breaker.free(1_000, 0, 16)).isOne();
        assertThat(breaker.free(1_000, 1, 16)).isZero();
        breaker.failed(1_000);
        assertThat(breaker.free(2_999, 0, 16)).isZero();
        assertThat(breaker.free(3_000, 0, 16)).isOne();
        breaker.succeeded();
        assertThat(breaker.free(3_000, 3, 16)).isEqualTo(13);
    }
}
