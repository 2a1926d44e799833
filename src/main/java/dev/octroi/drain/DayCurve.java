package dev.octroi.drain;

import java.nio.ByteBuffer;

/** The usual day: per local hour the mean of log2(hour's volume / usual day's volume + floor). */
final class DayCurve {
    static final int HOURS = 24;

    private static final float UNIT = 1_000f;
    private static final float MEMORY_DAYS = 14f;
    private static final float CLIP = 4f;

    private static final float SILENT_HOUR = -6.5f;

    private final short[] mean = new short[HOURS];

    // Derived, never serialised. Twice, so that the 24 hours from any hour on lie side by side.
    private final float[] usual = new float[2 * HOURS];
    private final float[] silent = new float[2 * HOURS];

    void startFrom(Population.Group group) {
        for (int hour = 0; hour < HOURS; hour++) {
            put(hour, (short) Math.round(group.curve(hour) * UNIT));
        }
    }

    private void put(int hour, short value) {
        mean[hour] = value;
        float level = value / UNIT;
        float still = level < SILENT_HOUR ? 1 : 0;
        usual[hour] = level;
        usual[hour + HOURS] = level;
        silent[hour] = still;
        silent[hour + HOURS] = still;
    }

    float at(int localHour) {
        return usual[localHour];
    }

    /** The usual levels of 24 hours from an hour on, at {@code from} to {@code from + 23} of what is returned. */
    float[] usual() {
        return usual;
    }

    /** 1 for an hour that is usually silent, else 0; laid out as {@link #usual}. */
    float[] silent() {
        return silent;
    }

    void learn(int localHour, float value) {
        float old = at(localHour);
        float moved = old + (Math.min(value, old + CLIP) - old) / MEMORY_DAYS;
        put(localHour, (short) Math.round(moved * UNIT));
    }

    void write(ByteBuffer out) {
        for (short each : mean) {
            out.putShort(each);
        }
    }

    void read(ByteBuffer in) {
        for (int hour = 0; hour < HOURS; hour++) {
            put(hour, in.getShort());
        }
    }
}
