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

    /** Numbers of one stream, side by side: they are always needed together. Times are split into two halves. */
    private static final int LAST_HIGH = 0;

    private static final int LAST_LOW = 1;
    private static final int GAP = 2;
    private static final int UNEVENNESS = 3;
    private static final int RECENT = 4;
    private static final int RECENT_BYTES = 5;
    private static final int RUN = 6;
    private static final int WIDTH = 8;

    private final char[] streams = new char[STREAMS * WIDTH];

    Rhythm() {
        clear();
    }

    /** Nothing was heard: as uneven as people, until transfers say otherwise. */
    private void clear() {
        Arrays.fill(streams, (char) 0);
        for (int stream = 0; stream < STREAMS; stream++) {
            streams[stream * WIDTH + UNEVENNESS] = Compact.half(UNEVEN);
        }
    }

    void add(int stream, int seconds, float bytes, int dither) {
        int at = stream * WIDTH;
        int before = last(stream);
        int elapsed = seconds - before;
        if (before == 0) {
            setLast(at, seconds);
            streams[at + RECENT] = Compact.half(1);
            streams[at + RECENT_BYTES] = Compact.half(bytes);
            return;
        }
        if (elapsed <= 0) {
            // Of a late record as much is left as if it had come in time.
            float left = left(-elapsed);
            streams[at + RECENT] = Compact.half(recent(stream) + left, dither);
            streams[at + RECENT_BYTES] = Compact.half(recentBytes(stream) + bytes * left, dither >>> 5);
            return;
        }
        float kept = left(elapsed);
        streams[at + RECENT] = Compact.half(recent(stream) * kept + 1, dither);
        streams[at + RECENT_BYTES] = Compact.half(recentBytes(stream) * kept + bytes, dither >>> 5);
        streams[at + RUN] = elapsed > RUN_GAP_SECONDS ? 0 : Compact.half(run(stream) + elapsed, dither >>> 9);
        float previousGap = gap(stream);
        float change = previousGap > 0
                ? Math.min(UNEVEN_MAX, Math.abs(Compact.log2(elapsed) - Compact.log2(previousGap)))
                : UNEVEN;
        float old = unevenness(stream);
        streams[at + UNEVENNESS] = Compact.half(old + (change - old) / EVENNESS_MEMORY);
        streams[at + GAP] = Compact.half(elapsed);
        setLast(at, seconds);
    }

    /** Share of a transfer that counts after a while. */
    private static float left(int seconds) {
        return seconds > FORGOTTEN_SECONDS ? 0 : Compact.pow2(-seconds / HALF_LIFE_SECONDS);
    }

    /** Second of the last transfer, 0 before the first. */
    private int last(int stream) {
        int at = stream * WIDTH;
        return streams[at + LAST_HIGH] << Character.SIZE | streams[at + LAST_LOW];
    }

    private void setLast(int at, int seconds) {
        streams[at + LAST_HIGH] = (char) (seconds >>> Character.SIZE);
        streams[at + LAST_LOW] = (char) seconds;
    }

    /** Mean change from one gap to the next, in octaves, 0 to 4; below 0.5 is a clock, people are above 2. */
    float unevenness(int stream) {
        return Compact.value(streams[stream * WIDTH + UNEVENNESS]);
    }

    /** Records, halved every hour and a half. */
    float recent(int stream) {
        return Compact.value(streams[stream * WIDTH + RECENT]);
    }

    /** Bytes, halved every hour and a half. */
    float recentBytes(int stream) {
        return Compact.value(streams[stream * WIDTH + RECENT_BYTES]);
    }

    /** Seconds for which transfers have come without a pause of 45 minutes. */
    float run(int stream) {
        return Compact.value(streams[stream * WIDTH + RUN]);
    }

    /** Seconds between the last two transfers. */
    float gap(int stream) {
        return Compact.value(streams[stream * WIDTH + GAP]);
    }

    /** Streams that were never heard take one bit. */
    void write(ByteBuffer out) {
        int used = 0;
        for (int i = 0; i < STREAMS; i++) {
            used |= last(i) == 0 ? 0 : 1 << i;
        }
        out.putShort((short) used);
        for (int i = 0; i < STREAMS; i++) {
            if (last(i) != 0) {
                for (int number = LAST_HIGH; number <= RUN; number++) {
                    out.putChar(streams[i * WIDTH + number]);
                }
            }
        }
    }

    void read(ByteBuffer in) {
        clear();
        int used = in.getShort();
        for (int i = 0; i < STREAMS; i++) {
            if ((used & 1 << i) != 0) {
                for (int number = LAST_HIGH; number <= RUN; number++) {
                    streams[i * WIDTH + number] = in.getChar();
                }
            }
        }
    }
}
