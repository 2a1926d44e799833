package dev.octroi.drain;

import java.util.Arrays;

/**
 * The hours of a day in ascending order, kept in order as single hours change. Non-negative numbers are kept as their
 * bits, which sort alike, and every place is computed without a branch: where an hour moves to is not predictable.
 */
final class Ranks {
    private static final int SIGN = Integer.SIZE - 1;

    private final int[] ascending = new int[HourRing.HOURS];

    /** The k-th largest, k from 1. */
    float largest(int k) {
        return Float.intBitsToFloat(ascending[ascending.length - k]);
    }

    /** One hour changed from a value that is present; both 0 or more. */
    void move(float from, float to) {
        int before = Float.floatToRawIntBits(from);
        int after = Float.floatToRawIntBits(to);
        if (after > before) {
            raise(before, after);
        } else if (after < before) {
            lower(before, after);
        }
    }

    /** What is above the old and not above the new value moves down by one place. */
    private void raise(int before, int after) {
        int[] values = ascending;
        int value = values[0];
        for (int at = 0; at < values.length - 1; at++) {
            int next = values[at + 1];
            int kept = (next - before - 1) >> SIGN;
            values[at] = (value & kept) | (Math.min(next, Math.max(value, after)) & ~kept);
            value = next;
        }
        values[values.length - 1] = Math.max(value, after);
    }

    /** What is below the old and not below the new value moves up by one place. */
    private void lower(int before, int after) {
        int[] values = ascending;
        int value = values[values.length - 1];
        for (int at = values.length - 1; at > 0; at--) {
            int next = values[at - 1];
            int kept = (before - next - 1) >> SIGN;
            values[at] = (value & kept) | (Math.max(next, Math.min(value, after)) & ~kept);
            value = next;
        }
        values[0] = Math.min(value, after);
    }

    void clear() {
        Arrays.fill(ascending, 0);
    }
}
