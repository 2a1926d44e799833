package dev.octroi.quota.account;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a rule stands.
 *
 * @param start first moment of its window; {@link Instant#MIN} before the first
 * @param amount what the rule's condition matched in the window: bytes, seconds or minor units
 * @param fired whether it acted in this window, or its hours and place hold
 * @param nextAt when it has to be looked at again although nothing is reported
 * @param usedTo end of the latest use that was counted in seconds
 * @param slots amounts of a rolling window by the first second of each slot
 */
public record RuleCount(
        Instant start,
        long amount,
        boolean fired,
        @Nullable Instant nextAt,
        @Nullable Instant usedTo,
        Map<Long, Long> slots) {
    /** A rule that nothing was counted for. */
    public static final RuleCount NEW = new RuleCount(Instant.MIN, 0, false, null, null, Map.of());

    public RuleCount {
        slots = Map.copyOf(slots);
    }

    /** The same in the window that begins at a moment; it only moves forward. */
    public RuleCount at(Instant windowStart) {
        return windowStart.isAfter(start) ? new RuleCount(windowStart, 0, false, null, usedTo, slots) : this;
    }

    /** The same where the window at hand begins at another moment, because the traveller's time zone moved. */
    public RuleCount moved(Instant windowStart) {
        return new RuleCount(windowStart, amount, fired, nextAt, usedTo, slots);
    }

    /** The same with a larger amount. */
    public RuleCount plus(long more) {
        return new RuleCount(start, amount + more, fired, nextAt, usedTo, slots);
    }

    /** The same, fired or armed again, with the next moment at which time alone changes it. */
    public RuleCount fired(boolean nowFired, @Nullable Instant next) {
        return new RuleCount(start, amount, nowFired, next, usedTo, slots);
    }

    /** The same after use that ended at a moment. */
    public RuleCount usedTo(Instant end) {
        return new RuleCount(start, amount, fired, nextAt, end, slots);
    }

    /** The same with these amounts of a rolling window. */
    public RuleCount slots(Map<Long, Long> kept) {
        return new RuleCount(start, amount, fired, nextAt, usedTo, kept);
    }
}
