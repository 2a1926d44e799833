package dev.octroi.quota;

import java.time.Instant;

/**
 * Where a rule stands in its window.
 *
 * @param start first moment of the window; {@link Instant#MIN} before the first
 * @param bytes that the rule's condition matched, for rules that do not count everything
 * @param fired whether it acted in this window
 */
record RuleCount(Instant start, long bytes, boolean fired) {
    static final RuleCount NEW = new RuleCount(Instant.MIN, 0, false);

    RuleCount at(Instant windowStart) {
        return windowStart.isAfter(start) ? new RuleCount(windowStart, 0, false) : this;
    }
}
