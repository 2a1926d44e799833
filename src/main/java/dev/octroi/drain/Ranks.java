package dev.octroi.drain;

import java.util.Arrays;

/**
 * The hours of a day in ascending order, kept in order as single hours change. Non-negative numbers are kept as their
 * bits, which sort alike. It is nearly always the same hour that grows, and it seldom passes another: where it stood
 * last is where it is looked for first.
 */
final class Ranks {
    private final int[] ascending = new int[HourRing.HOURS];
    /** Where the newest value was put; only a place to look first. */
    private int newest;

    /** The k-th largest, k from 1. */
    float largest(int k) {
        return Float.intBitsToFloat(ascending[ascending.length - k]);
    }

    /** One hour changed from a value that is present; both 0 or more. */
    void move(float from, float to) {
        int before = Float.floatToRawIntBits(from);
        int after = Float.floatToRawIntBits(to);
        if (before == after) {
            return;
        }
        int[] values = ascending;
        int at = place(before);
        if (after > before) {
            while (at < values.length - 1 && values[at + 1] < after) {
                values[at] = values[at + 1];
                at++;
            }
        } else {
            while (at > 0 && values[at - 1] > after) {
                values[at] = values[at - 1];
                at--;
            }
        }
        values[at] = after;
        newest = at;
    }

    private int place(int value) {
        return ascending[newest] == value ? newest : Arrays.binarySearch(ascending, value);
    }

    void clear() {
        Arrays.fill(ascending, 0);
    }
}
