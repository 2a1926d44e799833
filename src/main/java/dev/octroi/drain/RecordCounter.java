package dev.octroi.drain;

import static dev.octroi.drain.HourRing.HOURS;

import org.jspecify.annotations.Nullable;

/** Takes records into a state: volumes, rhythm, zones; what is learned when hours close. */
final class RecordCounter {
    /** Seconds are counted from 2020, so that they fit 32 bits until 2088. */
    static final long EPOCH = 1_577_836_800L;

    private static final long SECONDS_PER_HOUR = 3_600;
    /** A record smaller than this share of a usual day changes no verdict, unless it is an upload. */
    private static final float NEGLIGIBLE = 0.001f;

    /**
     * A report within a session comes by the network's clock. Only one of this share of a usual day, and of so many bytes, says
     * that somebody transferred something then; the even murmur of a phone would be a beacon otherwise.
     */
    private static final float SESSION_TRANSFER = 0.005f;

    private static final float SESSION_TRANSFER_BYTES = 500_000;

    private static final float CLASSIFIED_MEMORY = 16f;

    private final Learner learner;

    /** @param sink told what is learned from; only fitting needs it */
    RecordCounter(Learner.@Nullable Sink sink) {
        learner = new Learner(sink);
    }

    Learner learner() {
        return learner;
    }

    /**
     * Counts a record and, if it can matter, leaves its quantities to be measured.
     *
     * @return place of its zone, or -1 when the record is negligible or more than a day late
     */
    int count(DrainState state, Population population, DrainObservation record) {
        int seconds = (int) Math.clamp(record.eventEndEpochSeconds() - EPOCH, SECONDS_PER_HOUR, Integer.MAX_VALUE);
        int hour = (int) (seconds / SECONDS_PER_HOUR);
        boolean laterHour = hour > state.head;
        if (state.head == 0) {
            Learner.start(state, population, hour);
        } else if (laterHour) {
            learner.advance(state, population, hour);
        }
        state.derive(population);
        if (hour <= state.head - HOURS) {
            // Of a day that is over for the detector: nothing that is measured now is about it.
            return -1;
        }
        if (hour == state.head) {
            state.offsetMinutes = record.tzOffsetMinutes();
        }
        int category = record.category().code();
        int dither = Compact.dither(seconds, record.bytesUp(), record.bytesDown());
        float bytes = record.bytes();
        boolean isTransfer =
                !record.ofSession() || bytes >= Math.max(SESSION_TRANSFER_BYTES, SESSION_TRANSFER * state.usualDay());
        boolean upward = isTransfer && record.bytesUp() > record.bytesDown();
        state.ring.add(Math.floorMod(hour, HOURS), category, record.bytesUp(), record.bytesDown(), dither, isTransfer);
        Measure.level(state, Math.floorMod(hour, HOURS));
        if (isTransfer) {
            state.rhythm.add(category, seconds, bytes, dither);
            state.rhythm.add(Rhythm.ALL, seconds, bytes, dither);
        }
        if (upward) {
            state.rhythm.add(Rhythm.UPWARD, seconds, bytes, dither);
        }
        float classified = Compact.value(state.classified);
        state.classified = Compact.half(
                classified + ((record.category() == Category.OTHER ? 0 : 1) - classified) / CLASSIFIED_MEMORY);
        int zone = state.zones.add(record.zone(), hour - state.first, bytes, dither);
        boolean negligible = !laterHour && !upward && (!isTransfer || bytes < NEGLIGIBLE * state.usualDay());
        return negligible ? -1 : zone;
    }
}
