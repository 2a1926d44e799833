package dev.octroi.drain;

import static dev.octroi.drain.HourRing.HOURS;

/** Writes {@link FeatureSpec#ALL} for the newest record into {@code state.features}. */
final class FeatureVector {
    private static final int VIDEO = Category.VIDEO.code();
    private static final int UPDATE = Category.UPDATE.code();
    private static final int OTHER = Category.OTHER.code();
    private static final float FEED_CLASSIFIES = 0.1f;
    private static final float EXCESS_MAX = 6f;
    private static final int SIX = 6;
    private static final float NOTHING = -8f;
    private static final float OTHER_SHARE_UNKNOWN = 0.05f;

    private FeatureVector() {}

    /**
     * Measures after the record was counted.
     *
     * @param zone place of the record's zone in {@code state.zones}
     */
    static void fill(DrainState state, Population population, DrainObservation record, int zone) {
        int category = record.category().code();
        Measure.base(state);
        Measure.category(state, category);
        boolean classified = Compact.value(state.classified) > FEED_CLASSIFIES;
        float[] out = state.features;
        int at = deviations(state, population, category, classified, out);
        at = curve(state, out, at);
        at = zone(state, zone, out, at);
        at = rhythm(state, category, classified, out, at);
        context(state, record, zone, classified, out, at);
    }

    private static int deviations(
            DrainState state, Population population, int category, boolean classified, float[] out) {
        Baseline baseline = state.baseline;
        float[] sample = state.sample;
        for (int k = 0; k < Baseline.BASE; k++) {
            out[k] = (sample[k] - baseline.center(k)) * baseline.perDeviation(k);
        }
        int at = Baseline.BASE;
        float scaleVariance = baseline.scaleVariance(population.group(state.plan));
        int from = Baseline.BASE + category * Baseline.RANKS;
        for (int k = from; k < from + Baseline.RANKS; k++) {
            // Close to the floor an uncertain scale moves quantity and expectation alike.
            float share = 1 - Measure.FLOOR_SHARE / Math.max(Measure.FLOOR_SHARE, Compact.pow2(sample[k]));
            float variance = baseline.spread(k) + share * share * scaleVariance;
            out[at++] = classified ? (sample[k] - baseline.center(k)) / (float) Math.sqrt(variance) : -1;
        }
        out[at++] = sample[Baseline.COUNT - 1] - baseline.center(Baseline.COUNT - 1);
        for (int k = from; k < from + Baseline.RANKS; k++) {
            out[at++] = classified ? sample[k] : NOTHING;
        }
        return at;
    }

    private static int curve(DrainState state, float[] out, int at) {
        float[] level = state.ring.levels();
        float[] usual = state.curve.usual();
        float[] silent = state.curve.silent();
        int slot = Math.floorMod(state.head + 1, HOURS);
        int local = state.localHour(state.head - HOURS + 1);
        float[] excess = state.excess;
        for (int hour = 0; hour < HOURS; hour++) {
            excess[hour] = Math.min(EXCESS_MAX, Math.max(0, level[slot + hour] - usual[local + hour] - 1));
        }
        float six = 0;
        float before = 0;
        float still = 0;
        for (int hour = 0; hour < HOURS; hour++) {
            still += excess[hour] * silent[local + hour];
        }
        for (int hour = 0; hour < HOURS - SIX; hour++) {
            before += excess[hour];
        }
        for (int hour = HOURS - SIX; hour < HOURS; hour++) {
            six += excess[hour];
        }
        int now = HOURS - 1;
        out[at] = level[slot + now] - usual[local + now];
        out[at + 1] = six;
        out[at + 2] = before + six;
        out[at + 3] = still;
        return at + 4;
    }

    private static int zone(DrainState state, int zone, float[] out, int at) {
        boolean isNew = state.zones.isNew(zone, state.head - state.first);
        out[at] = isNew
                ? Compact.log2(state.zones.bytes(zone) + Measure.FLOOR_SHARE * state.usualDay())
                        - state.baseline.center(Baseline.DAY)
                : NOTHING;
        return at + 1;
    }

    private static int rhythm(DrainState state, int category, boolean classified, float[] out, int start) {
        int at = start;
        Rhythm rhythm = state.rhythm;
        float usualDay = state.usualDay();
        int stream = classified ? category : Rhythm.ALL;
        float all = Compact.log2(rhythm.recent(Rhythm.ALL));
        out[at++] = rhythm.unevenness(category);
        out[at++] = rhythm.unevenness(Rhythm.UPWARD);
        out[at++] = Compact.log2(rhythm.recent(stream));
        out[at++] = all;
        out[at++] = Compact.log2(rhythm.recentBytes(stream) / usualDay + Measure.FLOOR_SHARE);
        out[at++] = Compact.log2(rhythm.recentBytes(Rhythm.ALL) / usualDay + Measure.FLOOR_SHARE);
        out[at++] = Math.min(1, rhythm.recentBytes(category) / (rhythm.recentBytes(Rhythm.ALL) + 1));
        out[at++] = all - 0.7f * state.baseline.center(Baseline.COUNT);
        out[at++] = Compact.log2(rhythm.run(stream) + 60);
        out[at++] = Compact.log2(rhythm.run(Rhythm.ALL) + 60);
        out[at++] = Compact.log2(rhythm.gap(stream) + 1);
        return at;
    }

    private static void context(
            DrainState state, DrainObservation record, int zone, boolean classified, float[] out, int start) {
        int at = start;
        int category = record.category().code();
        HourRing ring = state.ring;
        float total = 1 + ring.dayBytes();
        float update = ring.dayBytesOf(UPDATE);
        float video = ring.dayBytesOf(VIDEO);
        float other = ring.dayBytesOf(OTHER);
        float own = ring.dayBytesOf(category);
        float recentTotal = 1;
        float recentUp = 0;
        float recentUpdate = 0;
        float recentVideo = 0;
        for (int hour = state.head - 2; hour <= state.head; hour++) {
            int slot = Math.floorMod(hour, HOURS);
            recentTotal += ring.bytes(slot);
            recentUp += ring.sent(slot);
            recentUpdate += ring.bytesOf(UPDATE, slot);
            recentVideo += ring.bytesOf(VIDEO, slot);
        }
        float bytes = record.bytes();
        out[at++] = state.baseline.days();
        out[at++] = state.zones.isNew(zone, state.head - state.first) ? 1 : 0;
        out[at++] = Math.min(1, update / total);
        out[at++] = Math.min(1, video / total);
        out[at++] = ring.daySent() / total;
        out[at++] = record.bytesUp() / (bytes + 1);
        out[at++] = classified ? Math.min(1, other / total) : OTHER_SHARE_UNKNOWN;
        out[at++] = classified ? 1 : 0;
        out[at++] = state.curve.at(state.localHour(state.head));
        out[at++] = Compact.log2(bytes + 256) - Compact.log2(state.usualDay());
        out[at++] = recentUp / recentTotal;
        out[at++] = Math.min(1, own / total);
        out[at++] = Math.min(1, recentUpdate / recentTotal);
        out[at++] = Math.min(1, recentVideo / recentTotal);
        out[at++] = category == VIDEO ? 1 : 0;
        out[at++] = category == OTHER && classified ? 1 : 0;
        out[at++] = ring.hoursOf(category);
        out[at++] = (float) Math.sqrt(state.baseline.spread(Baseline.DAY));
        out[at] = (float) Math.sqrt(state.baseline.spread(Baseline.NIGHT));
    }
}
