package dev.octroi.db;

import java.time.Instant;

/**
 * Whether what this process's clock tells may be acted on. What time ends or deletes does not come back, so whoever ends or
 * deletes asks first, for the very moment that it acts on.
 */
@FunctionalInterface
public interface ClockTrust {
    /** Whether a moment that the clock has just told is near enough to the truth. */
    boolean holds(Instant now);
}
