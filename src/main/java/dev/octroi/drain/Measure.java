package dev.octroi.drain;

import static dev.octroi.drain.HourRing.HOURS;

/** Turns the last 24 hours of a state into base quantities and category ranks, see {@link FeatureSpec#BASE}. */
final class Measure {
    /** Volumes below this share of a usual day are as good as nothing. */
    static final float FLOOR_SHARE = 0.003f;

    private static final float FLOOR_BYTES = 256f;
    private static final float UPLOAD_FLOOR = 0.3f;
    private static final int NIGHT_END = 6;

    private Measure() {}

    /** Fills the base quantities of {@code state.sample}. */
    static void base(DrainState state) {
        float[] out = state.sample;
        HourRing ring = state.ring;
        float floor = floor(state);
        Ranks total = ring.totalRanks;
        out[0] = Compact.log2(total.largest(2) + floor);
        out[1] = Compact.log2(total.largest(3) + floor);
        out[2] = Compact.log2(total.largest(4) + floor);
        out[3] = Compact.log2(total.largest(12) + floor);
        out[4] = Compact.log2(total.largest(18) + floor);
        out[Baseline.DAY] = Compact.log2(ring.dayBytes() + floor);
        out[Baseline.COUNT] = Compact.log2(ring.dayRecords() + 1);

        Ranks up = ring.upRanks;
        float uploadFloor = floor * UPLOAD_FLOOR;
        out[5] = Compact.log2(up.largest(1) + uploadFloor);
        out[6] = Compact.log2(up.largest(3) + uploadFloor);
        out[7] = Compact.log2(up.largest(12) + uploadFloor);
        out[8] = Compact.log2(up.largest(18) + uploadFloor);

        out[9] = Compact.log2(ring.restRanks.largest(2) + floor);
        out[10] = Compact.log2(ring.restRanks.largest(14) + floor);
        night(state, floor);

        Ranks upward = ring.upwardRanks;
        out[17] = Compact.log2(upward.largest(6) + 1);
        out[18] = Compact.log2(upward.largest(12) + 1);
        out[19] = Compact.log2(upward.largest(18) + 1);

        float threeHours = 0;
        for (int hour = state.head - 2; hour <= state.head; hour++) {
            threeHours += ring.bytes(Math.floorMod(hour, HOURS));
        }
        out[21] = Compact.log2(threeHours + floor);
    }

    /** Brings the levels of all hours up to date; after a change of the usual day. */
    static void levels(DrainState state) {
        for (int slot = 0; slot < HOURS; slot++) {
            level(state, slot);
        }
    }

    /** Brings the level of one hour up to date. */
    static void level(DrainState state, int slot) {
        state.ring.level(slot, Compact.log2(state.ring.bytes(slot) / state.usualDay() + FLOOR_SHARE));
    }

    /** Fills the ranks of one category in {@code state.sample}. */
    static void category(DrainState state, int category) {
        CategoryRanks ranks = state.ring.categoryRanks;
        float floor = floor(state);
        float usualDay = state.baseline.center(Baseline.DAY);
        int at = Baseline.BASE + category * Baseline.RANKS;
        for (int k = 0; k < Baseline.RANKS; k++) {
            float bytes = Compact.value(ranks.largest(category, FeatureSpec.CATEGORY_RANKS[k]));
            state.sample[at + k] = Compact.log2(bytes + floor) - usualDay;
        }
    }

    /** The hours from 0 to 6 local time of the latest night, as far as it has come: its four largest. */
    private static void night(DrainState state, float floor) {
        int localHour = state.localHour(state.head);
        int last = localHour < NIGHT_END ? state.head : state.head - (localHour - NIGHT_END + 1);
        int from = localHour < NIGHT_END ? state.head - localHour : last - NIGHT_END + 1;
        // Non-negative numbers sort like their bits, and whole numbers sort without branches.
        int first = 0;
        int second = 0;
        int third = 0;
        int fourth = 0;
        int restFirst = 0;
        int restSecond = 0;
        int restThird = 0;
        for (int hour = Math.max(from, state.head - HOURS + 1); hour <= last; hour++) {
            int slot = Math.floorMod(hour, HOURS);
            int bytes = Float.floatToRawIntBits(state.ring.bytes(slot));
            int belowFirst = Math.min(first, bytes);
            first = Math.max(first, bytes);
            int belowSecond = Math.min(second, belowFirst);
            second = Math.max(second, belowFirst);
            int belowThird = Math.min(third, belowSecond);
            third = Math.max(third, belowSecond);
            fourth = Math.max(fourth, belowThird);
            int rest = Float.floatToRawIntBits(state.ring.rest(slot));
            belowFirst = Math.min(restFirst, rest);
            restFirst = Math.max(restFirst, rest);
            belowSecond = Math.min(restSecond, belowFirst);
            restSecond = Math.max(restSecond, belowFirst);
            restThird = Math.max(restThird, belowSecond);
        }
        float[] out = state.sample;
        out[11] = overFloor(first, floor);
        out[Baseline.NIGHT] = overFloor(second, floor);
        out[13] = overFloor(third, floor);
        out[14] = overFloor(fourth, floor);
        out[15] = overFloor(restSecond, floor);
        out[16] = overFloor(restThird, floor);
    }

    private static float overFloor(int bits, float floor) {
        return Compact.log2(Float.intBitsToFloat(bits) + floor);
    }

    private static float floor(DrainState state) {
        return FLOOR_SHARE * state.usualDay() + FLOOR_BYTES;
    }
}
