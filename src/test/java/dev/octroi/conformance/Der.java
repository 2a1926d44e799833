package dev.octroi.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The bytes of ASN.1 as this suite writes and reads them; knows nothing of the product's codec. */
final class Der {
    private Der() {}

    /** Tag, shortest length, the parts one after the other. */
    static byte[] tlv(int tag, byte[]... parts) {
        byte[] value = join(parts);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String digits = Integer.toHexString(tag);
        out.writeBytes(hex(digits.length() % 2 == 0 ? digits : "0" + digits));
        int length = value.length;
        if (length > 0xFFFF) {
            out.writeBytes(new byte[] {(byte) 0x83, (byte) (length >> 16), (byte) (length >> 8), (byte) length});
        } else if (length > 0xFF) {
            out.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length});
        } else if (length > 0x7F) {
            out.writeBytes(new byte[] {(byte) 0x81, (byte) length});
        } else {
            out.write(length);
        }
        out.writeBytes(value);
        return out.toByteArray();
    }

    static byte[] utf8(int tag, String text) {
        return tlv(tag, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A small non-negative INTEGER. */
    static byte[] integer(int tag, int value) {
        return tlv(tag, java.math.BigInteger.valueOf(value).toByteArray());
    }

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().withUpperCase().formatHex(bytes);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** One element as received. */
    @SuppressWarnings("ArrayRecordComponent")
    record Element(int tag, byte[] raw, byte[] value) {
        List<Element> children() {
            return readAll(value);
        }

        Optional<Element> find(int wanted) {
            return children().stream().filter(child -> child.tag == wanted).findFirst();
        }

        /** The child that must be there. */
        Element get(int wanted) {
            return find(wanted)
                    .orElseThrow(() -> new AssertionError("%X has no %X: %s".formatted(tag, wanted, hex(raw))));
        }

        List<Integer> tags() {
            return children().stream().map(Element::tag).toList();
        }
    }

    /** Exactly one element, in DER: a length that is not the shortest fails the test. */
    static Element read(byte[] bytes) {
        List<Element> all = readAll(bytes);
        if (all.size() != 1) {
            throw new AssertionError(all.size() + " elements instead of one: " + hex(bytes));
        }
        return all.getFirst();
    }

    static List<Element> readAll(byte[] bytes) {
        List<Element> found = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int start = at;
            int tag = bytes[at++] & 0xFF;
            if ((tag & 0x1F) == 0x1F) {
                do {
                    tag = (tag << 8) | (bytes[at] & 0xFF);
                } while ((bytes[at++] & 0x80) != 0);
            }
            int length = bytes[at++] & 0xFF;
            if (length > 0x7F) {
                int octets = length & 0x7F;
                length = 0;
                for (int i = 0; i < octets; i++) {
                    length = (length << 8) | (bytes[at++] & 0xFF);
                }
                if (octets == 0 || length < 0x80 || (octets > 1 && length >> ((octets - 1) * 8) == 0)) {
                    throw new AssertionError("not DER: a length of %X that is not the shortest".formatted(tag));
                }
            }
            if (at + length > bytes.length) {
                throw new AssertionError("not DER: %X reaches past its end".formatted(tag));
            }
            byte[] value = Arrays.copyOfRange(bytes, at, at + length);
            at += length;
            found.add(new Element(tag, Arrays.copyOfRange(bytes, start, at), value));
        }
        return found;
    }
}
