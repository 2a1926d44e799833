package dev.octroi.drain;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The last 24 hours of one subscription, hour by hour, in UTC. */
final class HourRing {
    static final int HOURS = 24;
    static final int CATEGORIES = 10;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int VIDEO = Category.VIDEO.code();
    private static final int UPDATE = Category.UPDATE.code();

    /** Bytes in both directions per hour of the day in the upper 16 bits, bytes sent in the lower: {@link Compact#half}. */
    private final int[] volume = new int[HOURS];
    /** Records, saturating. */
    private final byte[] records = new byte[HOURS];
    /** Records that sent more than they received, saturating. */
    private final byte[] upward = new byte[HOURS];
    /** Bytes per category, 24 hours each, as {@link Compact#octet}. */
    private final byte[] byCategory = new byte[CATEGORIES * HOURS];

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
        float upBefore = sent(slot);
        float restBefore = rest(slot);
        volume[slot] = Compact.half(totalBefore + bytes, dither) << Character.SIZE
                | Compact.half(upBefore + bytesUp, dither >>> 7);
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
        upRanks.move(upBefore, sent(slot));
        restRanks.move(restBefore, rest(slot));
    }

    void clear(int slot) {
        totalRanks.move(bytes(slot), 0);
        upRanks.move(sent(slot), 0);
        upwardRanks.move(upward[slot] & 0xff, 0);
        restRanks.move(rest(slot), 0);
        volume[slot] = 0;
        records[slot] = 0;
        upward[slot] = 0;
        for (int at = slot; at < byCategory.length; at += HOURS) {
            byCategory[at] = 0;
        }
    }

    void clear() {
        Arrays.fill(volume, 0);
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
        return Float.intBitsToFloat(volume[slot] & 0xffff_0000);
    }

    /** Bytes sent in an hour. */
    float sent(int slot) {
        return Float.intBitsToFloat(volume[slot] << Character.SIZE);
    }

    /** Records of an hour, up to 255. */
    int records(int slot) {
        return records[slot] & 0xff;
    }

    float bytesOf(int category, int slot) {
        return Compact.value(byCategory[category * HOURS + slot]);
    }

    /**
     * Puts the hours of a category that are not silent into {@code largest}, largest first, as their 8-bit codes.
     *
     * @return how many there are
     */
    int heard(int category, int[] largest) {
        int heard = 0;
        int first = category * HOURS;
        for (int eight = first; eight < first + HOURS; eight += Long.BYTES) {
            long rest = (long) LONGS.get(byCategory, eight);
            while (rest != 0) {
                int skipped = Long.numberOfTrailingZeros(rest) & -Byte.SIZE;
                rest >>>= skipped;
                int code = (int) rest & 0xff;
                rest >>>= Byte.SIZE;
                int at = heard++;
                while (at > 0 && largest[at - 1] < code) {
                    largest[at] = largest[at - 1];
                    at--;
                }
                largest[at] = code;
            }
        }
        return heard;
    }

    /** Most categories are silent in most hours: a bitmap and the bytes that are not zero. */
    void write(ByteBuffer out) {
        for (int i = 0; i < HOURS; i++) {
            out.putInt(volume[i]).put(records[i]).put(upward[i]);
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
            volume[i] = in.getInt();
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
            upRanks.move(0, sent(slot));
            upwardRanks.move(0, upward[slot] & 0xff);
            restRanks.move(0, rest(slot));
        }
    }
}
