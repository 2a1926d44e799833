package dev.octroi.rsp.asn1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An object identifier in dotted form.
 *
 * @param dotted such as 2.999.10
 */
public record ObjectId(String dotted) {
    private static final int MAX_ARCS = 32;
    private static final int MAX_ARC_DIGITS = 9;
    private static final int MAX_BYTES = 64;

    public ObjectId {
        if (!isValid(dotted)) {
            throw new IllegalArgumentException("not an object identifier");
        }
    }

    /** Whether the text is an object identifier in dotted form. */
    public static boolean isValid(String text) {
        if (text.length() < 3 || text.charAt(0) < '0' || text.charAt(0) > '2' || text.charAt(1) != '.') {
            return false;
        }
        int from = 2;
        for (int arcs = 2; arcs <= MAX_ARCS; arcs++) {
            int dot = text.indexOf('.', from);
            int to = dot < 0 ? text.length() : dot;
            if (!isArc(text, from, to) || (arcs == 2 && text.charAt(0) != '2' && !isBelow40(text, from, to))) {
                return false;
            }
            if (dot < 0) {
                return true;
            }
            from = dot + 1;
        }
        return false;
    }

    /** One to nine digits without a leading zero. */
    private static boolean isArc(String text, int from, int to) {
        int digits = to - from;
        if (digits < 1 || digits > MAX_ARC_DIGITS || (digits > 1 && text.charAt(from) == '0')) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** Below the first two arcs 0 and 1 the second one ends at 39 (X.660). */
    private static boolean isBelow40(String text, int from, int to) {
        return to - from == 1 || (to - from == 2 && text.charAt(from) < '4');
    }

    /** Reads the contents octets of an OBJECT IDENTIFIER. */
    public static ObjectId ofBytes(byte[] bytes) throws MalformedTlvException {
        if (bytes.length == 0 || bytes.length > MAX_BYTES || bytes[bytes.length - 1] < 0) {
            throw new MalformedTlvException("no object identifier");
        }
        List<Long> arcs = new ArrayList<>();
        long value = 0;
        for (byte octet : bytes) {
            value = (value << 7) | (octet & 0x7F);
            if (value > 999_999_999L) {
                throw new MalformedTlvException("arc too large");
            }
            if (octet >= 0) {
                if (arcs.isEmpty()) {
                    long first = Math.min(value / 40, 2);
                    arcs.add(first);
                    value -= first * 40;
                }
                arcs.add(value);
                value = 0;
            }
        }
        if (arcs.size() > MAX_ARCS) {
            throw new MalformedTlvException("object identifier too long");
        }
        return new ObjectId(arcs.stream().map(String::valueOf).collect(Collectors.joining(".")));
    }

    /** The contents octets of an OBJECT IDENTIFIER. */
    public byte[] bytes() {
        String[] arcs = dotted.split("\\.", -1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, Long.parseLong(arcs[0]) * 40 + Long.parseLong(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            write(out, Long.parseLong(arcs[i]));
        }
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, long arc) {
        for (int shift = 28; shift > 0; shift -= 7) {
            if (arc >>> shift != 0) {
                out.write((int) (((arc >>> shift) & 0x7F) | 0x80));
            }
        }
        out.write((int) (arc & 0x7F));
    }
}
