package dev.octroi.drain;

import java.util.Arrays;

/** The hours of a day in ascending order, kept in order as single hours change. */
final class Ranks {
    private final float[] ascending = new float[HourRing.HOURS];

    /** The k-th largest, k from 1. */
    float largest(int k) {
        return ascending[ascending.length - k];
    }

    /** One hour changed from a value that is present. */
    void move(float from, float to) {
        float[] values = ascending;
        if (to > from) {
            int at = 0;
            while (values[at] != from) {
                at++;
            }
            while (at + 1 < values.length && values[at + 1] < to) {
                values[at] = values[at + 1];
                at++;
            }
            values[at] = to;
        } else if (to < from) {
            int at = values.length - 1;
            while (values[at] != from) {
                at--;
            }
            while (at > 0 && values[at - 1] > to) {
                values[at] = values[at - 1];
                at--;
            }
            values[at] = to;
        }
    }

    void clear() {
        Arrays.fill(ascending, 0);
    }
}
