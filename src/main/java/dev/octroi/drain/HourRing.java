package dev.octroi.drain;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The last 24 hours of one subscription, hour by hour, in UTC. */
final class HourRing {
    static final int HOURS = 24;
    static final int CATEGORIES = 10;

    private static final int VIDEO = Category.VIDEO.code();
    private static final int UPDATE = Category.UPDATE.code();

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

    // Derived from the above, never serialised.
    final Ranks totalRanks = new Ranks();
    final Ranks upRanks = new Ranks();
    final Ranks upwardRanks = new Ranks();
    final Ranks restRanks = new Ranks();
    /** log2 of the hour's share of the usual day plus a floor, per slot; kept by {@link Measure}. */
    final float[] level = new float[HOURS];

    void add(int slot, int category, long bytesUp, long bytesDown, int dither) {
        float bytes = bytesUp + bytesDown;
        float totalBefore = bytes(slot);
        float upBefore = Compact.value(up[slot]);
        float restBefore = rest(slot);
        total[slot] = Compact.half(totalBefore + bytes, dither);
        up[slot] = Compact.half(upBefore + bytesUp, dither >>> 7);
        if (records[slot] != -1) {
            records[slot]++;
        }
        if (bytesUp > bytesDown && upward[slot] != -1) {
            upwardRanks.move(upward[slot] & 0xff, (upward[slot] & 0xff) + 1);
            upward[slot]++;
        }
        int at = category * HOURS + slot;
        byCategory[at] = Compact.octet(Compact.value(byCategory[at]) + bytes, dither >>> 3);
        totalRanks.move(totalBefore, bytes(slot));
        upRanks.move(upBefore, Compact.value(up[slot]));
        restRanks.move(restBefore, rest(slot));
    }

    void clear(int slot) {
        totalRanks.move(bytes(slot), 0);
        upRanks.move(Compact.value(up[slot]), 0);
        upwardRanks.move(upward[slot] & 0xff, 0);
        restRanks.move(rest(slot), 0);
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
        totalRanks.clear();
        upRanks.clear();
        upwardRanks.clear();
        restRanks.clear();
    }

    /** Bytes of an hour without video and updates, which are often large and innocent. */
    float rest(int slot) {
        return Math.max(0, bytes(slot) - bytesOf(VIDEO, slot) - bytesOf(UPDATE, slot));
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
        for (int slot = 0; slot < HOURS; slot++) {
            totalRanks.move(0, bytes(slot));
            upRanks.move(0, Compact.value(up[slot]));
            upwardRanks.move(0, upward[slot] & 0xff);
            restRanks.move(0, rest(slot));
        }
    }
}
