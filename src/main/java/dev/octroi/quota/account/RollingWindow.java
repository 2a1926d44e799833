package dev.octroi.quota.account;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the last hours in 24 slots. A slot counts until the last moment of it is as old as the window: what is counted is
 * never less than what was used in the window, and at most a 24th of its length more.
 */
public final class RollingWindow {
    private static final int SECONDS_PER_HOUR = 3_600;
    private static final int SLOTS = 24;

    private RollingWindow() {}

    /** The slots that still count at a moment, with what was used at another. */
    public static Map<Long, Long> add(Map<Long, Long> slots, int hours, Instant at, long amount, Instant now) {
        Map<Long, Long> kept = new TreeMap<>(slots);
        long length = slotSeconds(hours);
        kept.merge(Math.floorDiv(at.getEpochSecond(), length) * length, amount, Long::sum);
        kept.keySet().removeIf(start -> !leavesAt(start, hours).isAfter(now));
        return kept;
    }

    /** What the window holds at a moment. */
    public static long sum(Map<Long, Long> slots, int hours, Instant now) {
        long sum = 0;
        for (Map.Entry<Long, Long> slot : slots.entrySet()) {
            if (leavesAt(slot.getKey(), hours).isAfter(now)) {
                sum += slot.getValue();
            }
        }
        return sum;
    }

    /** When the window holds less than a limit if nothing more is used; null: it does already. */
    public static @Nullable Instant fallsBelowAt(Map<Long, Long> slots, int hours, long limit, Instant now) {
        long left = sum(slots, hours, now);
        Instant at = null;
        for (Map.Entry<Long, Long> slot : new TreeMap<>(slots).entrySet()) {
            Instant leaves = leavesAt(slot.getKey(), hours);
            if (left >= limit && leaves.isAfter(now)) {
                left -= slot.getValue();
                at = leaves;
            }
        }
        return at;
    }

    private static Instant leavesAt(long slotStart, int hours) {
        return Instant.ofEpochSecond(slotStart + slotSeconds(hours) + (long) hours * SECONDS_PER_HOUR);
    }

    private static long slotSeconds(int hours) {
        return (long) hours * SECONDS_PER_HOUR / SLOTS;
    }
}
