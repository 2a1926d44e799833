package dev.octroi.rsp.asn1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An object identifier in dotted form.
 *
 * @param dotted such as 2.999.10
 */
public record ObjectId(String dotted) {
    private static final Pattern FORM = Pattern.compile("[0-2](\\.(0|[1-9][0-9]{0,8})){1,31}");
    private static final int MAX_BYTES = 64;

    public ObjectId {
        if (!isValid(dotted)) {
            throw new IllegalArgumentException("not an object identifier");
        }
    }

    /** Whether the text is an object identifier in dotted form. */
    public static boolean isValid(String text) {
        return FORM.matcher(text).matches() && (text.startsWith("2") || secondArc(text) < 40);
    }

    private static int secondArc(String text) {
        return Integer.parseInt(text.split("\\.", -1)[1]);
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
        if (arcs.size() > 32) {
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
