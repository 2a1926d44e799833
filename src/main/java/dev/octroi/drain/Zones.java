package dev.octroi.drain;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The zones a subscription has been in: the last six, by a hash of their name. */
final class Zones {
    private static final int KEPT = 6;
    private static final int NEW_HOURS = 48;
    private static final int HASH_BITS = 0xffff;

    private final char[] name = new char[KEPT];
    private final char[] firstHour = new char[KEPT];
    private final char[] lastHour = new char[KEPT];
    private final char[] bytes = new char[KEPT];
    private int known;

    /**
     * Counts a record.
     *
     * @param ageHours hours since the subscription was first seen
     * @return the place of the zone
     */
    int add(String zone, int ageHours, float recordBytes, int dither) {
        char hash = (char) ((zone.hashCode() * 0x9E3779B1) >>> 16 & HASH_BITS);
        int at = find(hash);
        char hour = (char) Math.clamp(ageHours, 0, HASH_BITS);
        if (at < 0) {
            at = known < KEPT ? known++ : oldest();
            name[at] = hash;
            firstHour[at] = hour;
            bytes[at] = 0;
        }
        lastHour[at] = hour;
        bytes[at] = Compact.half(Compact.value(bytes[at]) + recordBytes, dither);
        return at;
    }

    /** Whether the zone was first entered within two days and is not where the subscription began. */
    boolean isNew(int at, int ageHours) {
        return known > 1 && firstHour[at] >= 1 && ageHours - firstHour[at] < NEW_HOURS;
    }

    float bytes(int at) {
        return Compact.value(bytes[at]);
    }

    int firstHour(int at) {
        return firstHour[at];
    }

    private int find(char hash) {
        for (int i = 0; i < known; i++) {
            if (name[i] == hash) {
                return i;
            }
        }
        return -1;
    }

    private int oldest() {
        int at = 0;
        for (int i = 1; i < KEPT; i++) {
            if (lastHour[i] < lastHour[at]) {
                at = i;
            }
        }
        return at;
    }

    void write(ByteBuffer out) {
        out.put((byte) known);
        for (int i = 0; i < known; i++) {
            out.putChar(name[i]).putChar(firstHour[i]).putChar(lastHour[i]).putChar(bytes[i]);
        }
    }

    void read(ByteBuffer in) {
        Arrays.fill(name, (char) 0);
        Arrays.fill(firstHour, (char) 0);
        Arrays.fill(lastHour, (char) 0);
        Arrays.fill(bytes, (char) 0);
        known = in.get();
        for (int i = 0; i < known; i++) {
            name[i] = in.getChar();
            firstHour[i] = in.getChar();
            lastHour[i] = in.getChar();
            bytes[i] = in.getChar();
        }
    }
}
