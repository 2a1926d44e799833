package dev.octroi.rsp.asn1;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One BER-TLV element with definite length, as an immutable node.
 *
 * <p>A node keeps the very bytes it was read from: signatures of SGP.22 are over the bytes as received, and a
 * message decoded and encoded again may differ. Unknown elements are kept, so that structures of newer versions
 * pass. Tags are written as in the standard: {@code 0x80}, {@code 0x5F37}, {@code 0xBF38}.
 */
public final class Tlv {
    private final int tag;
    private final byte[] buffer;
    private final int start;
    private final int valueStart;
    private final int end;
    private final List<Tlv> children;

    private Tlv(int tag, byte[] buffer, int start, int valueStart, int end, List<Tlv> children) {
        this.tag = tag;
        this.buffer = buffer;
        this.start = start;
        this.valueStart = valueStart;
        this.end = end;
        this.children = children;
    }

    /** Reads exactly one element with the limits of an ES9+ message. */
    public static Tlv parse(byte[] bytes) throws MalformedTlvException {
        return parse(bytes, TlvLimits.MESSAGE);
    }

    /** Reads exactly one element; bytes after it are an error. */
    public static Tlv parse(byte[] bytes, TlvLimits limits) throws MalformedTlvException {
        List<Tlv> all = parseAll(bytes, limits);
        if (all.size() != 1) {
            throw new MalformedTlvException("expected one element, found " + all.size());
        }
        return all.getFirst();
    }

    /** Reads the elements that follow each other until the end of the bytes. */
    public static List<Tlv> parseAll(byte[] bytes, TlvLimits limits) throws MalformedTlvException {
        requireNonNull(bytes, "bytes is null");
        if (bytes.length > limits.maxBytes()) {
            throw new MalformedTlvException("longer than " + limits.maxBytes() + " bytes");
        }
        return new TlvReader(bytes.clone(), limits).readAll();
    }

    /** Makes a primitive element. */
    public static Tlv of(int tag, byte[] value) {
        if (isConstructed(tag)) {
            throw new IllegalArgumentException("tag %X is constructed".formatted(tag));
        }
        return build(tag, value, List.of());
    }

    /** Makes a constructed element of the given children. */
    public static Tlv constructed(int tag, Tlv... children) {
        return constructed(tag, List.of(children));
    }

    /** Makes a constructed element of the given children; their bytes are kept as they are. */
    public static Tlv constructed(int tag, List<Tlv> children) {
        if (!isConstructed(tag)) {
            throw new IllegalArgumentException("tag %X is primitive".formatted(tag));
        }
        return build(tag, concat(children), List.copyOf(children));
    }

    /** Makes an INTEGER-like element: two's complement, shortest form. */
    public static Tlv integer(int tag, long value) {
        byte[] eight = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
        int from = 0;
        while (from < 7 && eight[from] == (byte) (eight[from + 1] < 0 ? 0xFF : 0)) {
            from++;
        }
        return of(tag, Arrays.copyOfRange(eight, from, 8));
    }

    /** Makes a string element in UTF-8. */
    public static Tlv utf8(int tag, String value) {
        return of(tag, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Makes a BOOLEAN-like element (DER: FF is true). */
    public static Tlv bool(int tag, boolean value) {
        return of(tag, new byte[] {(byte) (value ? 0xFF : 0)});
    }

    static Tlv read(int tag, byte[] buffer, int start, int valueStart, int end, List<Tlv> children) {
        return new Tlv(tag, buffer, start, valueStart, end, children);
    }

    private static Tlv build(int tag, byte[] value, List<Tlv> children) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(value.length + 8);
        out.writeBytes(header(tag, value.length));
        int valueStart = out.size();
        out.writeBytes(value);
        byte[] raw = out.toByteArray();
        return new Tlv(tag, raw, 0, valueStart, raw.length, children);
    }

    /** Tag and BER length as they stand before a value of {@code length} bytes. */
    public static byte[] header(int tag, int length) {
        if (tag <= 0 || length < 0) {
            throw new IllegalArgumentException("bad tag or length");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(8);
        for (int shift = 24; shift >= 0; shift -= 8) {
            if (tag >>> shift != 0) {
                out.write(tag >>> shift);
            }
        }
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (39 - Integer.numberOfLeadingZeros(length)) / 8;
            out.write(0x80 | bytes);
            for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
                out.write(length >>> shift);
            }
        }
        return out.toByteArray();
    }

    /** Whether a tag stands for an element that is made of elements. */
    public static boolean isConstructed(int tag) {
        int first = tag;
        while (first > 0xFF) {
            first >>>= 8;
        }
        return (first & 0x20) != 0;
    }

    /** The bytes of several elements, one after the other, as received. */
    public static byte[] concat(List<Tlv> elements) {
        int total = 0;
        for (Tlv element : elements) {
            total += element.end - element.start;
        }
        byte[] all = new byte[total];
        int at = 0;
        for (Tlv element : elements) {
            int length = element.end - element.start;
            System.arraycopy(element.buffer, element.start, all, at, length);
            at += length;
        }
        return all;
    }

    /** The bytes of several elements, one after the other, as received. */
    public static byte[] concat(Tlv... elements) {
        return concat(List.of(elements));
    }

    /** The tag with all its bytes, such as {@code 0x30} or {@code 0xBF38}. */
    public int tag() {
        return tag;
    }

    /** A copy of tag, length and value as received. */
    public byte[] raw() {
        return Arrays.copyOfRange(buffer, start, end);
    }

    /** A copy of the value. */
    public byte[] value() {
        return Arrays.copyOfRange(buffer, valueStart, end);
    }

    /** The length of the value in bytes. */
    public int valueLength() {
        return end - valueStart;
    }

    /** Where the value begins within the bytes that were parsed (or built): for writing over it in a copy. */
    public int valueOffset() {
        return valueStart;
    }

    /** The length of tag, length and value in bytes. */
    public int rawLength() {
        return end - start;
    }

    /** The elements within; empty for a primitive element. */
    public List<Tlv> children() {
        return children;
    }

    /** The first element within that has the tag. */
    public Optional<Tlv> find(int childTag) {
        for (Tlv child : children) {
            if (child.tag == childTag) {
                return Optional.of(child);
            }
        }
        return Optional.empty();
    }

    /** The first element within that has the tag, which must be there. */
    public Tlv require(int childTag) throws MalformedTlvException {
        return find(childTag).orElseThrow(() -> missing(childTag));
    }

    /** This element, which must have the tag. */
    public Tlv expect(int wanted) throws MalformedTlvException {
        if (tag != wanted) {
            throw new MalformedTlvException("expected tag %X, found %X".formatted(wanted, tag));
        }
        return this;
    }

    /** The value as a signed integer of at most eight bytes. */
    public long asLong() throws MalformedTlvException {
        int length = valueLength();
        if (length < 1 || length > Long.BYTES) {
            throw new MalformedTlvException("integer of %d bytes in %X".formatted(length, tag));
        }
        long value = buffer[valueStart];
        for (int at = valueStart + 1; at < end; at++) {
            value = (value << 8) | (buffer[at] & 0xFF);
        }
        return value;
    }

    /** The value as a signed integer of at most four bytes. */
    public int asInt() throws MalformedTlvException {
        long value = asLong();
        if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
            throw new MalformedTlvException("integer too large in %X".formatted(tag));
        }
        return (int) value;
    }

    /** The value as a boolean: anything but 00 is true. */
    public boolean asBoolean() throws MalformedTlvException {
        if (valueLength() != 1) {
            throw new MalformedTlvException("boolean of %d bytes in %X".formatted(valueLength(), tag));
        }
        return buffer[valueStart] != 0;
    }

    /** The value as strict UTF-8. */
    public String asUtf8() throws MalformedTlvException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(buffer, valueStart, valueLength()))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new MalformedTlvException("no UTF-8 in %X".formatted(tag));
        }
    }

    /** The value, which must have the given length. */
    public byte[] asBytes(int length) throws MalformedTlvException {
        return asBytes(length, length);
    }

    /** The value, whose length must be within the bounds, both included. */
    public byte[] asBytes(int minLength, int maxLength) throws MalformedTlvException {
        if (valueLength() < minLength || valueLength() > maxLength) {
            throw new MalformedTlvException("%d bytes in %X".formatted(valueLength(), tag));
        }
        return value();
    }

    private MalformedTlvException missing(int childTag) {
        return new MalformedTlvException("%X has no %X".formatted(tag, childTag));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tlv that && Arrays.equals(buffer, start, end, that.buffer, that.start, that.end);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int at = start; at < end; at++) {
            hash = 31 * hash + buffer[at];
        }
        return hash;
    }

    /** The tag and the length only: values may be identifiers or keys. */
    @Override
    public String toString() {
        return "Tlv[%X, %d bytes]".formatted(tag, valueLength());
    }
}
