package dev.octroi.radius;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A CoA-Request or Disconnect-Request (RFC 5176 §2) with Event-Timestamp against replay and Message-Authenticator, and the
 * check of its answer. Pure.
 */
@SuppressWarnings("ArrayRecordComponent")
public record DynamicAuthorizationRequest(byte[] packet) {
    private static final int HEADER_BYTES = 20;
    private static final int AUTHENTICATOR_AT = 4;
    private static final int DIGEST_BYTES = 16;
    private static final int MAX_BYTES = 4_096;
    private static final int FILTER_ID = 11;
    private static final int VENDOR_SPECIFIC = 26;
    private static final int EVENT_TIMESTAMP = 55;
    private static final int MESSAGE_AUTHENTICATOR = 80;
    private static final int ERROR_CAUSE = 101;
    private static final int VENDOR_3GPP = 10_415;
    private static final int IMSI_3GPP = 1;
    private static final int VENDOR_WISPR = 14_122;
    private static final int BANDWIDTH_MAX_UP = 7;
    private static final int BANDWIDTH_MAX_DOWN = 8;
    private static final long MAX_NUMBER = 0xFFFF_FFFFL;

    /** Which of the two; the answer's code says by itself whether it is an ACK or a NAK. */
    public enum Kind {
        /** Ends the subscriber's sessions. */
        DISCONNECT(40),
        /** Changes the authorization of the subscriber's sessions. */
        COA(43);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** The name in what people read, {@code CoA} or {@code Disconnect}. */
        public String word() {
            return this == COA ? "CoA" : "Disconnect";
        }
    }

    /**
     * What is asked for.
     *
     * @param imsi 6 to 15 digits, whose sessions it is about (3GPP-IMSI, TS 29.061 §16.4.7)
     * @param filterId name of the policy at the network element, for a CoA
     * @param kbpsDown cap towards the device, told as WISPr-Bandwidth-Max-Down in bit/s
     * @param kbpsUp cap from the device
     */
    public record Wish(Kind kind, String imsi, String filterId, OptionalLong kbpsDown, OptionalLong kbpsUp) {
        public Wish {
            requireNonNull(kind, "kind is null");
            requireNonNull(imsi, "imsi is null");
            requireNonNull(filterId, "filterId is null");
            if (filterId.length() > 100) {
                throw new IllegalArgumentException("a policy's name has at most 100 characters");
            }
        }

        /** Nothing of the subscriber. */
        @Override
        public String toString() {
            return "Wish[" + kind + "]";
        }
    }

    /** An answer; {@code errorCause} as in RFC 5176 §3.6, where one was given. */
    public record Answer(boolean acknowledged, OptionalInt errorCause) {}

    /**
     * Makes and signs a request.
     *
     * @param identifier matches request and answer, 0 to 255
     * @param secret shared with the network element
     * @param epochSeconds the time of now
     */
    public static DynamicAuthorizationRequest of(Wish wish, int identifier, byte[] secret, long epochSeconds) {
        ByteArrayOutputStream attributes = new ByteArrayOutputStream();
        put(attributes, MESSAGE_AUTHENTICATOR, new byte[DIGEST_BYTES]);
        put(attributes, EVENT_TIMESTAMP, number(epochSeconds));
        put(
                attributes,
                VENDOR_SPECIFIC,
                vendor(VENDOR_3GPP, IMSI_3GPP, wish.imsi().getBytes(StandardCharsets.US_ASCII)));
        if (wish.kind() == Kind.COA) {
            put(attributes, FILTER_ID, wish.filterId().getBytes(StandardCharsets.UTF_8));
            wish.kbpsUp()
                    .ifPresent(kbps -> put(
                            attributes, VENDOR_SPECIFIC, vendor(VENDOR_WISPR, BANDWIDTH_MAX_UP, number(kbps * 1_000))));
            wish.kbpsDown()
                    .ifPresent(kbps -> put(
                            attributes,
                            VENDOR_SPECIFIC,
                            vendor(VENDOR_WISPR, BANDWIDTH_MAX_DOWN, number(kbps * 1_000))));
        }
        byte[] packet = ByteBuffer.allocate(HEADER_BYTES + attributes.size())
                .put((byte) wish.kind().code)
                .put((byte) identifier)
                .putShort((short) (HEADER_BYTES + attributes.size()))
                .put(new byte[DIGEST_BYTES])
                .put(attributes.toByteArray())
                .array();
        // First within the packet with both fields zero, then the authenticator over all of it (RFC 5176 §2.3, §3.4).
        System.arraycopy(RadiusDigest.hmacMd5(packet, secret), 0, packet, HEADER_BYTES + 2, DIGEST_BYTES);
        System.arraycopy(RadiusDigest.md5(packet, secret), 0, packet, AUTHENTICATOR_AT, DIGEST_BYTES);
        return new DynamicAuthorizationRequest(packet);
    }

    /**
     * Reads the answer to this request.
     *
     * @throws MalformedRadiusException when it is none, or was not made with the secret for this request
     */
    public Answer read(byte[] datagram, byte[] secret) throws MalformedRadiusException {
        if (datagram.length < HEADER_BYTES) {
            throw new MalformedRadiusException("shorter than a header");
        }
        int length = ((datagram[2] & 0xFF) << 8) | (datagram[3] & 0xFF);
        if (length < HEADER_BYTES || length > MAX_BYTES || length > datagram.length) {
            throw new MalformedRadiusException("the length does not fit");
        }
        int code = datagram[0] & 0xFF;
        int asked = packet[0] & 0xFF;
        if (datagram[1] != packet[1] || (code != asked + 1 && code != asked + 2)) {
            throw new MalformedRadiusException("not an answer to the request");
        }
        byte[] unsigned = Arrays.copyOf(datagram, length);
        System.arraycopy(packet, AUTHENTICATOR_AT, unsigned, AUTHENTICATOR_AT, DIGEST_BYTES);
        byte[] given = Arrays.copyOfRange(datagram, AUTHENTICATOR_AT, HEADER_BYTES);
        if (!MessageDigest.isEqual(given, RadiusDigest.md5(unsigned, secret))) {
            throw new MalformedRadiusException("the authenticator does not fit the shared secret");
        }
        RadiusAttributes attributes =
                RadiusAttributes.read(ByteBuffer.wrap(datagram, HEADER_BYTES, length - HEADER_BYTES));
        OptionalLong cause = attributes.number(ERROR_CAUSE);
        return new Answer(
                code == asked + 1, cause.isPresent() ? OptionalInt.of((int) cause.getAsLong()) : OptionalInt.empty());
    }

    private static void put(ByteArrayOutputStream out, int type, byte[] value) {
        out.write(type);
        out.write(value.length + 2);
        out.writeBytes(value);
    }

    private static byte[] vendor(int vendor, int type, byte[] value) {
        return ByteBuffer.allocate(Integer.BYTES + 2 + value.length)
                .putInt(vendor)
                .put((byte) type)
                .put((byte) (value.length + 2))
                .put(value)
                .array();
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .putInt((int) Math.clamp(value, 0, MAX_NUMBER))
                .array();
    }

    /** Nothing of the subscriber. */
    @Override
    public String toString() {
        return "DynamicAuthorizationRequest[" + packet.length + " bytes]";
    }
}
