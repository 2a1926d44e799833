package dev.octroi.usage.radius;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * 3GPP-User-Location-Info (TS 29.061 §16.4.7.2, attribute 22; coding of TS 29.274 §8.21 and TS 38.413).
 *
 * @param plmn visited network {@code MCC-MNC}
 * @param area tracking, location or routing area in hexadecimal, or null where only a cell is given
 * @param cell in hexadecimal, or null
 */
record UserLocation(
        String plmn, @Nullable String area, @Nullable String cell) {
    private static final int CGI = 0;
    private static final int SAI = 1;
    private static final int RAI = 2;
    private static final int TAI = 128;
    private static final int ECGI = 129;
    private static final int TAI_AND_ECGI = 130;
    private static final int NCGI = 135;
    private static final int TAI_5GS = 136;
    private static final int TAI_5GS_AND_NCGI = 137;

    private static final Pattern PLMN = Pattern.compile("[0-9]{3}-[0-9]{2,3}");
    private static final int ECI_BITS = 28;
    private static final int NCI_BITS = 36;

    /** Reads it; empty for forms that say nothing about where the device is, and where the network's digits are none. */
    static Optional<UserLocation> read(byte[] value) {
        try {
            ByteBuffer in = ByteBuffer.wrap(value);
            return Optional.ofNullable(read(in.get() & 0xFF, in))
                    .filter(location -> PLMN.matcher(location.plmn).matches());
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static @Nullable UserLocation read(int form, ByteBuffer in) {
        return switch (form) {
            case CGI, SAI -> new UserLocation(plmn(in), number(in, 2), number(in, 2));
            case RAI, TAI -> new UserLocation(plmn(in), number(in, 2), null);
            case ECGI -> new UserLocation(plmn(in), null, cell(in, 4, ECI_BITS));
            case TAI_AND_ECGI -> both(new UserLocation(plmn(in), number(in, 2), null), in, 4, ECI_BITS);
            case NCGI -> new UserLocation(plmn(in), null, cell(in, 5, NCI_BITS));
            case TAI_5GS -> new UserLocation(plmn(in), number(in, 3), null);
            case TAI_5GS_AND_NCGI -> both(new UserLocation(plmn(in), number(in, 3), null), in, 5, NCI_BITS);
            default -> null;
        };
    }

    /** The cell names its network once more; the area's decides. */
    private static UserLocation both(UserLocation area, ByteBuffer in, int cellBytes, int cellBits) {
        plmn(in);
        return new UserLocation(area.plmn, area.area, cell(in, cellBytes, cellBits));
    }

    /** Three bytes with the digits in swapped halves (TS 24.008 §10.5.1.3); a half that is no digit stays hexadecimal. */
    private static String plmn(ByteBuffer in) {
        int first = in.get() & 0xFF;
        int second = in.get() & 0xFF;
        int third = in.get() & 0xFF;
        int lastOfMnc = second >> 4;
        return "" + digit(first & 0xF) + digit(first >> 4) + digit(second & 0xF) + "-" + digit(third & 0xF)
                + digit(third >> 4)
                + (lastOfMnc == 0xF ? "" : digit(lastOfMnc));
    }

    private static char digit(int half) {
        return Character.forDigit(half, 16);
    }

    private static String number(ByteBuffer in, int bytes) {
        return hex(bits(in, bytes), bytes * 2);
    }

    private static String cell(ByteBuffer in, int bytes, int bits) {
        return hex(bits(in, bytes) & ((1L << bits) - 1), bits / 4);
    }

    private static long bits(ByteBuffer in, int bytes) {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number = (number << 8) | (in.get() & 0xFF);
        }
        return number;
    }

    private static String hex(long number, int digits) {
        return String.format(Locale.ROOT, "%0" + digits + "X", number);
    }
}
