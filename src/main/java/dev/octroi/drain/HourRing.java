package dev.octroi.drain;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The last 24 hours of one subscription, hour by hour, in UTC. */
final class HourRing {
    static final int HOURS = 24;
    static final int CATEGORIES = 10;

    /** Bytes in both directions per hour of the day, as {@link Compact#half}. */
    final char[] total = new char[HOURS];
    /** Bytes sent. */
    final char[] up = new char[HOURS];
    /** Records, saturating. */
    final byte[] records = new byte[HOURS];
    /** Records that sent more than they received, saturating. */
    final byte[] upward = new byte[HOURS];
    /** Bytes per category, 24 hours each, as {@link Compact#octet}. */
    final byte[] byCategory = new byte[CATEGORIES * HOURS];

    void add(int slot, int category, long bytesUp, long bytesDown, int dither) {
        float bytes = bytesUp + bytesDown;
        total[slot] = Compact.half(Compact.value(total[slot]) + bytes, dither);
        up[slot] = Compact.half(Compact.value(up[slot]) + bytesUp, dither >>> 7);
        if (records[slot] != -1) {
            records[slot]++;
        }
        if (bytesUp > bytesDown && upward[slot] != -1) {
            upward[slot]++;
        }
        int at = category * HOURS + slot;
        byCategory[at] = Compact.octet(Compact.value(byCategory[at]) + bytes, dither >>> 3);
    }

    void clear(int slot) {
        total[slot] = 0;
        up[slot] = 0;
        records[slot] = 0;
        upward[slot] = 0;
        for (int at = slot; at < byCategory.length; at += HOURS) {
            byCategory[at] = 0;
        }
    }

    void clear() {
        Arrays.fill(total, (char) 0);
        Arrays.fill(up, (char) 0);
        Arrays.fill(records, (byte) 0);
        Arrays.fill(upward, (byte) 0);
        Arrays.fill(byCategory, (byte) 0);
    }

    float bytes(int slot) {
        return Compact.value(total[slot]);
    }

    float bytesOf(int category, int slot) {
        return Compact.value(byCategory[category * HOURS + slot]);
    }

    /** Most categories are silent in most hours: a bitmap and the bytes that are not zero. */
    void write(ByteBuffer out) {
        for (int i = 0; i < HOURS; i++) {
            out.putChar(total[i]).putChar(up[i]).put(records[i]).put(upward[i]);
        }
        for (int i = 0; i < byCategory.length; i += Byte.SIZE) {
            int used = 0;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                used |= byCategory[i + bit] == 0 ? 0 : 1 << bit;
            }
            out.put((byte) used);
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                if (byCategory[i + bit] != 0) {
                    out.put(byCategory[i + bit]);
                }
            }
        }
    }

    void read(ByteBuffer in) {
        for (int i = 0; i < HOURS; i++) {
            total[i] = in.getChar();
            up[i] = in.getChar();
            records[i] = in.get();
            upward[i] = in.get();
        }
        for (int i = 0; i < byCategory.length; i += Byte.SIZE) {
            int used = in.get();
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                byCategory[i + bit] = (used & 1 << bit) == 0 ? 0 : in.get();
            }
        }
    }
}
