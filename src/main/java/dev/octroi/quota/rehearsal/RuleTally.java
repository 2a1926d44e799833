package dev.octroi.quota.rehearsal;

import dev.octroi.policy.Level;
import java.time.Instant;
import java.util.List;

/**
 * What rules would have done to one account.
 *
 * @param usedBytes what was used
 * @param savedBytes what of it would not have passed
 * @param slowedSeconds for how long it would have been slow
 * @param blockedSeconds for how long background traffic or categories would have been blocked
 * @param pausedSeconds for how long data would have stopped
 * @param notices how often the rules would have acted
 * @param spans when, oldest first, at most {@link #MAX_SPANS}
 */
public record RuleTally(
        long usedBytes,
        long savedBytes,
        long slowedSeconds,
        long blockedSeconds,
        long pausedSeconds,
        int notices,
        List<Span> spans) {
    /** More spans of one account help nobody. */
    public static final int MAX_SPANS = 20;

    public RuleTally {
        spans = List.copyOf(spans);
    }

    /**
     * A time in which a rule would have held.
     *
     * @param from first moment
     * @param to first moment after
     * @param level how strict
     */
    public record Span(Instant from, Instant to, Level level) {}
}
