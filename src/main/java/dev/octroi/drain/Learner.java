package dev.octroi.drain;

import static dev.octroi.drain.HourRing.HOURS;

import org.jspecify.annotations.Nullable;

/** Moves a state from hour to hour and lets it learn what has become of the hours behind it. */
final class Learner {
    /** Samples of the sliding day are taken this often. */
    private static final int SAMPLE_HOURS = 6;

    private static final float SAMPLE_DAYS = 0.25f;
    private static final int SAMPLES_PER_GAP = 8;
    private static final int FIRST_SAMPLE_HOURS = 23;
    private static final int LONG_SILENCE_HOURS = 96;
    private static final int KEPT_OF_SILENCE_HOURS = 48;

    private final @Nullable Sink sink;

    /** @param sink told what was learned from; only fitting needs it */
    Learner(@Nullable Sink sink) {
        this.sink = sink;
    }

    /** Begins with the first record. */
    static void start(DrainState state, Population population, int hour) {
        state.head = hour;
        state.first = hour;
        state.curve.startFrom(population.group(state.plan));
    }

    /** Moves to a later hour. */
    void advance(DrainState state, Population population, int hour) {
        if (hour - state.head > LONG_SILENCE_HOURS) {
            // After long silence the days between say nothing: the last two of them are enough.
            state.incident.forget(state.head, hour - KEPT_OF_SILENCE_HOURS);
            state.head = hour - KEPT_OF_SILENCE_HOURS;
            state.ring.clear();
            state.derive(population);
            Measure.levels(state);
        }
        int samples = 0;
        while (state.head < hour) {
            boolean sampleDue = Math.floorMod(state.head + 1, SAMPLE_HOURS) == 0;
            if (sampleDue && state.head - state.first >= FIRST_SAMPLE_HOURS && samples++ < SAMPLES_PER_GAP) {
                learn(state, population, SAMPLE_DAYS, true);
            }
            state.derive(population);
            int local = state.localHour(state.head);
            float level = state.ring.level(Math.floorMod(state.head, HOURS));
            state.curve.learn(local, level);
            if (sink != null) {
                sink.hour(state, local, level);
            }
            state.head++;
            int slot = Math.floorMod(state.head, HOURS);
            state.incident.forget(state.head);
            int forgotten = state.head - HOURS;
            if (state.incident.covers(forgotten, state.head)) {
                state.incident.passed(state.ring.bytes(slot), state.usualHour(forgotten));
            }
            state.ring.clear(slot);
            Measure.level(state, slot);
        }
    }

    /** Learns from the sliding day as it stands. */
    void learn(DrainState state, Population population, float days, boolean clipHigh) {
        state.derive(population);
        Measure.base(state);
        for (int category = 0; category < HourRing.CATEGORIES; category++) {
            Measure.category(state, category);
        }
        if (sink != null) {
            sink.day(state);
        }
        state.baseline.learn(state.sample, days, clipHigh);
    }

    /** Hears what states learn from. */
    interface Sink {
        /** A closed hour: its level against the usual day. */
        void hour(DrainState state, int localHour, float level);

        /** A sample of the sliding day, in {@code state.sample}. */
        void day(DrainState state);
    }
}
