package dev.octroi.drain;

import java.nio.ByteBuffer;

/** The usual day: per local hour the mean of log2(hour's volume / usual day's volume + floor). */
final class DayCurve {
    static final int HOURS = 24;

    private static final float UNIT = 1_000f;
    private static final float MEMORY_DAYS = 14f;
    private static final float CLIP = 4f;

    private final short[] mean = new short[HOURS];

    void startFrom(Population.Group group) {
        for (int hour = 0; hour < HOURS; hour++) {
            mean[hour] = (short) Math.round(group.curve(hour) * UNIT);
        }
    }

    float at(int localHour) {
        return mean[localHour] / UNIT;
    }

    void learn(int localHour, float value) {
        float old = at(localHour);
        float moved = old + (Math.min(value, old + CLIP) - old) / MEMORY_DAYS;
        mean[localHour] = (short) Math.round(moved * UNIT);
    }

    void write(ByteBuffer out) {
        for (short each : mean) {
            out.putShort(each);
        }
    }

    void read(ByteBuffer in) {
        for (int hour = 0; hour < HOURS; hour++) {
            mean[hour] = in.getShort();
        }
    }
}
