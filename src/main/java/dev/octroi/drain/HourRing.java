package dev.octroi.drain;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The last 24 hours of one subscription, hour by hour, in UTC. */
final class HourRing {
    static final int HOURS = 24;
    static final int CATEGORIES = 10;

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
    final CategoryRanks categoryRanks = new CategoryRanks();
    /**
     * log2 of the hour's share of the usual day plus a floor, per slot; kept by {@link Measure}. Twice, so that the 24
     * hours from any slot on lie side by side.
     */
    private final float[] level = new float[2 * HOURS];

    // Sums of the day. What is kept of an hour is a whole number of bytes, so they do not depend on who added when.
    private long dayBytes;
    private long daySent;
    private int dayRecords;
    private final long[] categoryBytes = new long[CATEGORIES];
    private final int[] categoryHours = new int[CATEGORIES];

    /** @param isTransfer whether it counts among the records; its bytes do in any case */
    void add(int slot, int category, long bytesUp, long bytesDown, int dither, boolean isTransfer) {
        float bytes = bytesUp + bytesDown;
        float totalBefore = bytes(slot);
        float upBefore = sent(slot);
        float restBefore = rest(slot);
        volume[slot] = Compact.half(totalBefore + bytes, dither) << Character.SIZE
                | Compact.half(upBefore + bytesUp, dither >>> 7);
        dayBytes += (long) bytes(slot) - (long) totalBefore;
        daySent += (long) sent(slot) - (long) upBefore;
        if (isTransfer && records[slot] != -1) {
            records[slot]++;
            dayRecords++;
        }
        if (isTransfer && bytesUp > bytesDown && upward[slot] != -1) {
            upwardRanks.move(upward[slot] & 0xff, (upward[slot] & 0xff) + 1);
            upward[slot]++;
        }
        int at = category * HOURS + slot;
        byte before = byCategory[at];
        byte after = Compact.octet(Compact.value(before) + bytes, dither >>> 3);
        byCategory[at] = after;
        moved(category, before, after);
        totalRanks.move(totalBefore, bytes(slot));
        upRanks.move(upBefore, sent(slot));
        restRanks.move(restBefore, rest(slot));
    }

    private void moved(int category, byte before, byte after) {
        categoryBytes[category] += (long) Compact.value(after) - (long) Compact.value(before);
        categoryRanks.move(category, before, after);
        categoryHours[category] += (after == 0 ? 0 : 1) - (before == 0 ? 0 : 1);
    }

    void clear(int slot) {
        totalRanks.move(bytes(slot), 0);
        upRanks.move(sent(slot), 0);
        upwardRanks.move(upward[slot] & 0xff, 0);
        restRanks.move(rest(slot), 0);
        dayBytes -= (long) bytes(slot);
        daySent -= (long) sent(slot);
        dayRecords -= records(slot);
        volume[slot] = 0;
        records[slot] = 0;
        upward[slot] = 0;
        for (int category = 0; category < CATEGORIES; category++) {
            int at = category * HOURS + slot;
            if (byCategory[at] != 0) {
                moved(category, byCategory[at], (byte) 0);
                byCategory[at] = 0;
            }
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
        categoryRanks.clear();
        dayBytes = 0;
        daySent = 0;
        dayRecords = 0;
        Arrays.fill(categoryBytes, 0);
        Arrays.fill(categoryHours, 0);
    }

    /** Bytes of the last 24 hours. */
    float dayBytes() {
        return dayBytes;
    }

    /** Bytes sent in the last 24 hours. */
    float daySent() {
        return daySent;
    }

    /** Records of the last 24 hours, up to 255 of each. */
    int dayRecords() {
        return dayRecords;
    }

    /** Bytes of a category in the last 24 hours. */
    float dayBytesOf(int category) {
        return categoryBytes[category];
    }

    /** Hours of the last 24 in which a category was heard. */
    int hoursOf(int category) {
        return categoryHours[category];
    }

    /** The level of an hour. */
    float level(int slot) {
        return level[slot];
    }

    /** The levels of 24 hours from a slot on, at {@code from} to {@code from + 23} of what is returned. */
    float[] levels() {
        return level;
    }

    void level(int slot, float value) {
        level[slot] = value;
        level[slot + HOURS] = value;
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
        clear();
        Arrays.fill(level, 0);
        for (int i = 0; i < HOURS; i++) {
            volume[i] = in.getInt();
            records[i] = in.get();
            upward[i] = in.get();
            dayBytes += (long) bytes(i);
            daySent += (long) sent(i);
            dayRecords += records(i);
        }
        for (int i = 0; i < byCategory.length; i += Byte.SIZE) {
            int used = in.get();
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                if ((used & 1 << bit) != 0) {
                    byCategory[i + bit] = in.get();
                    moved((i + bit) / HOURS, (byte) 0, byCategory[i + bit]);
                }
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
