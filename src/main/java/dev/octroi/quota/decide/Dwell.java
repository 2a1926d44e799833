package dev.octroi.quota.decide;

import dev.octroi.policy.Restriction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/**
 * What began by itself holds for a minute at least (or as the gateway is set) before it ends by itself, so that a device at a border does not make the
 * network flip. What tightens never waits; what people do never waits either: a top-up, a resume, a lift, another rule.
 */
final class Dwell {
    /** As long as everything holds unless the gateway is told otherwise. */
    static final Duration STANDARD = Duration.ofSeconds(60);

    private Dwell() {}

    /** An end of something that begins now. */
    static Instant atLeast(Draft draft, Instant end) {
        Instant earliest = draft.now.plus(draft.dwell);
        return end.isBefore(earliest) ? earliest : end;
    }

    /** First moment at which a restriction may end by itself. */
    static Instant endOf(Draft draft, Restriction restriction) {
        return restriction.from().plus(draft.dwell);
    }

    /** Whether a restriction is too young to end by itself. */
    static boolean holds(Draft draft, Restriction restriction) {
        // A clock that steps back holds nothing for longer.
        return !draft.now.isBefore(restriction.from()) && draft.now.isBefore(endOf(draft, restriction));
    }

    /** Whether a restriction only waits for the end of its minute. */
    static boolean isWaiting(Draft draft, Restriction restriction) {
        return endOf(draft, restriction).equals(restriction.until().moment());
    }

    /** What would end at a moment, or with its minute, ends at a later one. */
    static void postpone(Draft draft, Instant before, Instant after, Predicate<Restriction> which) {
        draft.postpone(before, after, which);
        for (Restriction each : List.copyOf(draft.restrictions())) {
            if (which.test(each) && isWaiting(draft, each) && endOf(draft, each).isBefore(after)) {
                draft.postpone(endOf(draft, each), after, one -> one.id().equals(each.id()));
            }
        }
    }

    /** When the last of some restrictions may end by itself; now when they all may. */
    static Instant endOf(Draft draft, Predicate<Restriction> which) {
        Instant end = draft.now;
        for (Restriction each : List.copyOf(draft.restrictions())) {
            if (which.test(each) && holds(draft, each) && endOf(draft, each).isAfter(end)) {
                end = endOf(draft, each);
            }
        }
        return end;
    }
}
