package dev.octroi.charging;

import static java.util.Objects.requireNonNull;

import dev.octroi.policy.Level;
import dev.octroi.policy.Speed;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What policy counters are derived from.
 *
 * @param level how strict the policy in force is
 * @param speed the cap in force, if any
 * @param until when that ends by itself, if it does at a moment
 * @param usedBytes taken from the volume
 * @param totalBytes the volume
 * @param warnAtPercent share of the volume from which on it is low
 * @param endsAt when the plan ends, once it has begun
 */
record CounterState(
        Level level,
        @Nullable Speed speed,
        @Nullable Instant until,
        long usedBytes,
        long totalBytes,
        int warnAtPercent,
        @Nullable Instant endsAt) {
    CounterState {
        requireNonNull(level, "level is null");
    }
}
