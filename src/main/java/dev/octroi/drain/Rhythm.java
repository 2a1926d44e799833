package dev.octroi.drain;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How evenly and how densely transfers come, per stream: the ten categories, all together, and those that send more
 * than they receive.
 */
final class Rhythm {
    /** Index of the stream of all records. */
    static final int ALL = HourRing.CATEGORIES;
    /** Index of the stream of records that send more than they receive. */
    static final int UPWARD = ALL + 1;

    private static final int STREAMS = UPWARD + 1;
    private static final float UNEVEN = 3f;
    private static final float UNEVEN_MAX = 4f;
    private static final float EVENNESS_MEMORY = 6f;
    private static final float HALF_LIFE_SECONDS = 5_400f;
    private static final int FORGOTTEN_SECONDS = 200_000;
    private static final int RUN_GAP_SECONDS = 2_700;

    private final int[] last = new int[STREAMS];
    private final char[] gap = new char[STREAMS];
    private final char[] unevenness = new char[STREAMS];
    private final char[] recent = new char[STREAMS];
    private final char[] recentBytes = new char[STREAMS];
    private final char[] run = new char[STREAMS];

    Rhythm() {
        Arrays.fill(unevenness, Compact.half(UNEVEN));
    }

    void add(int stream, int seconds, float bytes, int dither) {
        int before = last[stream];
        int elapsed = seconds - before;
        if (before == 0) {
            last[stream] = seconds;
            recent[stream] = Compact.half(1);
            recentBytes[stream] = Compact.half(bytes);
            return;
        }
        if (elapsed <= 0) {
            recent[stream] = Compact.half(Compact.value(recent[stream]) + 1, dither);
            recentBytes[stream] = Compact.half(Compact.value(recentBytes[stream]) + bytes, dither >>> 5);
            return;
        }
        float kept = elapsed > FORGOTTEN_SECONDS ? 0 : Compact.pow2(-elapsed / HALF_LIFE_SECONDS);
        recent[stream] = Compact.half(Compact.value(recent[stream]) * kept + 1, dither);
        recentBytes[stream] = Compact.half(Compact.value(recentBytes[stream]) * kept + bytes, dither >>> 5);
        run[stream] = elapsed > RUN_GAP_SECONDS ? 0 : Compact.half(Compact.value(run[stream]) + elapsed, dither >>> 9);
        float previousGap = Compact.value(gap[stream]);
        float change = previousGap > 0
                ? Math.min(UNEVEN_MAX, Math.abs(Compact.log2(elapsed) - Compact.log2(previousGap)))
                : UNEVEN;
        float old = Compact.value(unevenness[stream]);
        unevenness[stream] = Compact.half(old + (change - old) / EVENNESS_MEMORY);
        gap[stream] = Compact.half(elapsed);
        last[stream] = seconds;
    }

    /** Mean change from one gap to the next, in octaves, 0 to 4; below 0.5 is a clock, people are above 2. */
    float unevenness(int stream) {
        return Compact.value(unevenness[stream]);
    }

    /** Records, halved every hour and a half. */
    float recent(int stream) {
        return Compact.value(recent[stream]);
    }

    /** Bytes, halved every hour and a half. */
    float recentBytes(int stream) {
        return Compact.value(recentBytes[stream]);
    }

    /** Seconds for which transfers have come without a pause of 45 minutes. */
    float run(int stream) {
        return Compact.value(run[stream]);
    }

    /** Seconds between the last two transfers. */
    float gap(int stream) {
        return Compact.value(gap[stream]);
    }

    void write(ByteBuffer out) {
        int used = 0;
        for (int i = 0; i < STREAMS; i++) {
            used |= last[i] == 0 ? 0 : 1 << i;
        }
        out.putShort((short) used);
        for (int i = 0; i < STREAMS; i++) {
            if (last[i] != 0) {
                out.putInt(last[i])
                        .putChar(gap[i])
                        .putChar(unevenness[i])
                        .putChar(recent[i])
                        .putChar(recentBytes[i])
                        .putChar(run[i]);
            }
        }
    }

    void read(ByteBuffer in) {
        int used = in.getShort();
        for (int i = 0; i < STREAMS; i++) {
            if ((used & 1 << i) != 0) {
                last[i] = in.getInt();
                gap[i] = in.getChar();
                unevenness[i] = in.getChar();
                recent[i] = in.getChar();
                recentBytes[i] = in.getChar();
                run[i] = in.getChar();
            }
        }
    }
}
