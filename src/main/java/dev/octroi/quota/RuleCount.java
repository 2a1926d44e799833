package dev.octroi.quota;

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
record RuleCount(
        Instant start,
        long amount,
        boolean fired,
        @Nullable Instant nextAt,
        @Nullable Instant usedTo,
        Map<Long, Long> slots) {
    static final RuleCount NEW = new RuleCount(Instant.MIN, 0, false, null, null, Map.of());

    RuleCount {
        slots = Map.copyOf(slots);
    }

    RuleCount at(Instant windowStart) {
        return windowStart.isAfter(start) ? new RuleCount(windowStart, 0, false, null, usedTo, slots) : this;
    }

    RuleCount plus(long more) {
        return new RuleCount(start, amount + more, fired, nextAt, usedTo, slots);
    }

    RuleCount fired(boolean nowFired, @Nullable Instant next) {
        return new RuleCount(start, amount, nowFired, next, usedTo, slots);
    }

    RuleCount usedTo(Instant end) {
        return new RuleCount(start, amount, fired, nextAt, end, slots);
    }

    RuleCount slots(Map<Long, Long> kept) {
        return new RuleCount(start, amount, fired, nextAt, usedTo, kept);
    }
}
