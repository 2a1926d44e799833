package dev.octroi.drain;

import java.util.Arrays;

/** The hours of a day of each category in ascending order, as 8-bit codes; kept in order like {@link Ranks}. */
final class CategoryRanks {
    private static final int HOURS = HourRing.HOURS;

    private final byte[] ascending = new byte[HourRing.CATEGORIES * HOURS];
    /** Where the newest code of each category was put; only a place to look first. */
    private final byte[] newest = new byte[HourRing.CATEGORIES];

    /** The code of the k-th largest hour of a category, k from 1. */
    byte largest(int category, int k) {
        return ascending[(category + 1) * HOURS - k];
    }

    /** One hour of a category changed from a code that is present. */
    void move(int category, byte before, byte after) {
        if (before == after) {
            return;
        }
        int first = category * HOURS;
        int last = first + HOURS - 1;
        int at = place(category, before);
        int code = after & 0xff;
        if (code > (before & 0xff)) {
            while (at < last && (ascending[at + 1] & 0xff) < code) {
                ascending[at] = ascending[at + 1];
                at++;
            }
        } else {
            while (at > first && (ascending[at - 1] & 0xff) > code) {
                ascending[at] = ascending[at - 1];
                at--;
            }
        }
        ascending[at] = after;
        newest[category] = (byte) (at - first);
    }

    private int place(int category, byte code) {
        int at = category * HOURS + newest[category];
        if (ascending[at] != code) {
            at = (category + 1) * HOURS - 1;
            while (ascending[at] != code) {
                at--;
            }
        }
        return at;
    }

    void clear() {
        Arrays.fill(ascending, (byte) 0);
    }
}
