package dev.octroi.callback.reconcile;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * When the reconciler acts.
 *
 * @param period how often it looks
 * @param repairAfter how long a policy may be unconfirmed before its delivery is looked at; between repairs of one policy
 *     this doubles, up to an hour
 * @param escalateAfter how long a policy may be unconfirmed before somebody is told
 * @param readEvery how long after a confirmation a network that can be read is read again; then twice as long each time, up
 *     to a day
 */
public record ReconcilerSettings(Duration period, Duration repairAfter, Duration escalateAfter, Duration readEvery) {
    public ReconcilerSettings {
        requireNonNull(period, "period is null");
        requireNonNull(repairAfter, "repairAfter is null");
        requireNonNull(escalateAfter, "escalateAfter is null");
        requireNonNull(readEvery, "readEvery is null");
        if (period.toMillis() < 10
                || repairAfter.toMillis() < 10
                || escalateAfter.toMillis() < 10
                || readEvery.toMillis() < 10) {
            throw new IllegalArgumentException("reconciler settings out of range");
        }
    }

    /** A look every 2 s, repairs after half a minute, somebody told after a quarter of an hour. */
    public static ReconcilerSettings standard() {
        return new ReconcilerSettings(
                Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofMinutes(15), Duration.ofMinutes(15));
    }
}
