package dev.octroi.drain;

import static dev.octroi.drain.HourRing.HOURS;

import java.util.Arrays;

/** Turns the last 24 hours of a state into base quantities and category ranks, see {@link FeatureSpec#BASE}. */
final class Measure {
    /** Volumes below this share of a usual day are as good as nothing. */
    static final float FLOOR_SHARE = 0.003f;

    private static final float FLOOR_BYTES = 256f;
    private static final float UPLOAD_FLOOR = 0.3f;
    private static final int VIDEO = Category.VIDEO.code();
    private static final int UPDATE = Category.UPDATE.code();
    private static final int NIGHT_END = 6;

    private Measure() {}

    /** Fills the base quantities of {@code state.sample}. */
    static void base(DrainState state) {
        float[] out = state.sample;
        float[] sorted = state.sorted;
        HourRing ring = state.ring;
        float floor = floor(state);

        float day = 0;
        float records = 0;
        for (int i = 0; i < HOURS; i++) {
            sorted[i] = ring.bytes(i);
            day += sorted[i];
            records += ring.records[i] & 0xff;
        }
        Compact.sort(sorted);
        out[0] = Compact.log2(rank(sorted, 2) + floor);
        out[1] = Compact.log2(rank(sorted, 3) + floor);
        out[2] = Compact.log2(rank(sorted, 4) + floor);
        out[3] = Compact.log2(rank(sorted, 12) + floor);
        out[4] = Compact.log2(rank(sorted, 18) + floor);
        out[Baseline.DAY] = Compact.log2(day + floor);
        out[Baseline.COUNT] = Compact.log2(records + 1);

        for (int i = 0; i < HOURS; i++) {
            sorted[i] = Compact.value(ring.up[i]);
        }
        Compact.sort(sorted);
        float uploadFloor = floor * UPLOAD_FLOOR;
        out[5] = Compact.log2(rank(sorted, 1) + uploadFloor);
        out[6] = Compact.log2(rank(sorted, 3) + uploadFloor);
        out[7] = Compact.log2(rank(sorted, 12) + uploadFloor);
        out[8] = Compact.log2(rank(sorted, 18) + uploadFloor);

        for (int i = 0; i < HOURS; i++) {
            sorted[i] = rest(ring, i);
        }
        Compact.sort(sorted);
        out[9] = Compact.log2(rank(sorted, 2) + floor);
        out[10] = Compact.log2(rank(sorted, 14) + floor);
        night(state, floor);

        for (int i = 0; i < HOURS; i++) {
            sorted[i] = ring.upward[i] & 0xff;
        }
        Compact.sort(sorted);
        out[17] = Compact.log2(rank(sorted, 6) + 1);
        out[18] = Compact.log2(rank(sorted, 12) + 1);
        out[19] = Compact.log2(rank(sorted, 18) + 1);

        float threeHours = 0;
        for (int hour = state.head - 2; hour <= state.head; hour++) {
            threeHours += ring.bytes(Math.floorMod(hour, HOURS));
        }
        out[21] = Compact.log2(threeHours + floor);
    }

    /** Fills the ranks of one category in {@code state.sample}. */
    static void category(DrainState state, int category) {
        float[] sorted = state.sorted;
        float floor = floor(state);
        float usualDay = state.baseline.center(Baseline.DAY);
        for (int i = 0; i < HOURS; i++) {
            sorted[i] = state.ring.bytesOf(category, i);
        }
        Compact.sort(sorted);
        int at = Baseline.BASE + category * Baseline.RANKS;
        for (int k = 0; k < Baseline.RANKS; k++) {
            state.sample[at + k] = Compact.log2(rank(sorted, FeatureSpec.CATEGORY_RANKS[k]) + floor) - usualDay;
        }
    }

    /** The hours from 0 to 6 local time of the latest night, as far as it has come. */
    private static void night(DrainState state, float floor) {
        int localHour = state.localHour(state.head);
        int last = localHour < NIGHT_END ? state.head : state.head - (localHour - NIGHT_END + 1);
        int from = localHour < NIGHT_END ? state.head - localHour : last - NIGHT_END + 1;
        float[] sorted = state.sorted;
        Arrays.fill(sorted, 0);
        for (int hour = Math.max(from, state.head - HOURS + 1); hour <= last; hour++) {
            sorted[hour - from] = state.ring.bytes(Math.floorMod(hour, HOURS));
        }
        Compact.sort(sorted);
        float[] out = state.sample;
        out[11] = Compact.log2(rank(sorted, 1) + floor);
        out[Baseline.NIGHT] = Compact.log2(rank(sorted, 2) + floor);
        out[13] = Compact.log2(rank(sorted, 3) + floor);
        out[14] = Compact.log2(rank(sorted, 4) + floor);
        Arrays.fill(sorted, 0);
        for (int hour = Math.max(from, state.head - HOURS + 1); hour <= last; hour++) {
            sorted[hour - from] = rest(state.ring, Math.floorMod(hour, HOURS));
        }
        Compact.sort(sorted);
        out[15] = Compact.log2(rank(sorted, 2) + floor);
        out[16] = Compact.log2(rank(sorted, 3) + floor);
    }

    private static float rest(HourRing ring, int slot) {
        return Math.max(0, ring.bytes(slot) - ring.bytesOf(VIDEO, slot) - ring.bytesOf(UPDATE, slot));
    }

    private static float floor(DrainState state) {
        return FLOOR_SHARE * state.usualDay() + FLOOR_BYTES;
    }

    private static float rank(float[] ascending, int rank) {
        return ascending[ascending.length - rank];
    }
}
