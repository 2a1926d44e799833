package dev.octroi.radius;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The attributes of a packet (RFC 2865 §5), those of 3GPP (vendor 10415) among them. */
public final class RadiusAttributes {
    private static final int VENDOR_SPECIFIC = 26;
    private static final int VENDOR_3GPP = 10_415;
    private static final int VENDOR_ID_BYTES = 4;
    private static final int HEADER_BYTES = 2;

    private record Attribute(int vendor, int type, byte[] value) {}

    private final List<Attribute> attributes;

    private RadiusAttributes(List<Attribute> attributes) {
        this.attributes = attributes;
    }

    /**
     * Reads all attributes of a packet.
     *
     * @param bytes what follows the header
     * @throws MalformedRadiusException when a length does not fit
     */
    public static RadiusAttributes read(ByteBuffer bytes) throws MalformedRadiusException {
        List<Attribute> found = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int type = bytes.get() & 0xFF;
            ByteBuffer value = value(bytes);
            if (type == VENDOR_SPECIFIC && value.remaining() > VENDOR_ID_BYTES) {
                vendor(value, found);
            } else {
                found.add(new Attribute(0, type, all(value)));
            }
        }
        return new RadiusAttributes(List.copyOf(found));
    }

    /** Several of a vendor may share one attribute. What other vendors do in theirs is their own matter. */
    private static void vendor(ByteBuffer value, List<Attribute> found) throws MalformedRadiusException {
        int vendor = value.getInt();
        if (vendor != VENDOR_3GPP) {
            return;
        }
        while (value.hasRemaining()) {
            int type = value.get() & 0xFF;
            found.add(new Attribute(vendor, type, all(value(value))));
        }
    }

    private static ByteBuffer value(ByteBuffer bytes) throws MalformedRadiusException {
        if (!bytes.hasRemaining()) {
            throw new MalformedRadiusException("an attribute without length");
        }
        int length = (bytes.get() & 0xFF) - HEADER_BYTES;
        if (length < 0 || length > bytes.remaining()) {
            throw new MalformedRadiusException("the length of an attribute does not fit");
        }
        ByteBuffer value = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return value;
    }

    private static byte[] all(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        return bytes;
    }

    /** The first attribute of a type. */
    public Optional<byte[]> first(int type) {
        return first(0, type);
    }

    /** The first attribute of a 3GPP type (TS 29.061 §16.4.7). */
    public Optional<byte[]> first3gpp(int type) {
        return first(VENDOR_3GPP, type);
    }

    /** All attributes of a type as they stood in the packet, headers among them, in their order. */
    public byte[] raw(int type) {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        for (Attribute each : attributes) {
            if (each.vendor == 0 && each.type == type) {
                raw.write(type);
                raw.write(each.value.length + HEADER_BYTES);
                raw.writeBytes(each.value);
            }
        }
        return raw.toByteArray();
    }

    private Optional<byte[]> first(int vendor, int type) {
        return attributes.stream()
                .filter(each -> each.vendor == vendor && each.type == type)
                .map(Attribute::value)
                .findFirst();
    }

    /** An attribute of four bytes as an unsigned number. */
    public OptionalLong number(int type) throws MalformedRadiusException {
        Optional<byte[]> value = first(type);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        if (value.get().length != Integer.BYTES) {
            throw new MalformedRadiusException("a number has four bytes");
        }
        return OptionalLong.of(
                Integer.toUnsignedLong(ByteBuffer.wrap(value.get()).getInt()));
    }

    /** A 3GPP attribute as text; some senders end it with a zero byte. */
    public Optional<String> text3gpp(int type) {
        return first3gpp(type)
                .map(value -> new String(value, StandardCharsets.UTF_8)
                        .replace("\0", "")
                        .strip());
    }
}
