package dev.octroi.usage.radius;

import static java.util.Objects.requireNonNull;

import dev.octroi.radius.MalformedRadiusException;
import dev.octroi.radius.RadiusAttributes;
import dev.octroi.radius.RadiusDigest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * An Accounting-Request (RFC 2866 §3) whose authenticator was checked against the shared secret.
 *
 * @param identifier matches request and answer, 0 to 255
 * @param authenticator 16 bytes, MD5 over packet and secret
 * @param attributes what it says
 */
@SuppressWarnings("ArrayRecordComponent")
record RadiusPacket(int identifier, byte[] authenticator, RadiusAttributes attributes) {
    /** The longest packet (RFC 2866 §3), in bytes. */
    static final int MAX_BYTES = 4_096;

    private static final int HEADER_BYTES = 20;
    private static final int AUTHENTICATOR_BYTES = 16;
    private static final int ACCOUNTING_REQUEST = 4;
    private static final int ACCOUNTING_RESPONSE = 5;
    private static final int PROXY_STATE = 33;

    RadiusPacket {
        requireNonNull(authenticator, "authenticator is null");
        requireNonNull(attributes, "attributes is null");
    }

    /**
     * Reads a packet; bytes behind its length are padding.
     *
     * @param secret shared with the sender
     * @throws MalformedRadiusException when it is none, or was not made with the secret
     */
    static RadiusPacket read(byte[] datagram, byte[] secret) throws MalformedRadiusException {
        if (datagram.length < HEADER_BYTES) {
            throw new MalformedRadiusException("shorter than a header");
        }
        int code = datagram[0] & 0xFF;
        int length = ((datagram[2] & 0xFF) << 8) | (datagram[3] & 0xFF);
        if (code != ACCOUNTING_REQUEST) {
            throw new MalformedRadiusException("not an Accounting-Request");
        }
        if (length < HEADER_BYTES || length > MAX_BYTES || length > datagram.length) {
            throw new MalformedRadiusException("the length does not fit");
        }
        byte[] authenticator = Arrays.copyOfRange(datagram, HEADER_BYTES - AUTHENTICATOR_BYTES, HEADER_BYTES);
        byte[] unsigned = Arrays.copyOf(datagram, length);
        Arrays.fill(unsigned, HEADER_BYTES - AUTHENTICATOR_BYTES, HEADER_BYTES, (byte) 0);
        if (!MessageDigest.isEqual(authenticator, RadiusDigest.md5(unsigned, secret))) {
            throw new MalformedRadiusException("the authenticator does not fit the shared secret");
        }
        return new RadiusPacket(
                datagram[1] & 0xFF,
                authenticator,
                RadiusAttributes.read(ByteBuffer.wrap(datagram, HEADER_BYTES, length - HEADER_BYTES)));
    }

    /**
     * The Accounting-Response (RFC 2866 §4.2), signed with the secret: empty but for what proxies on the way put into the
     * request, which they find the way back by (Proxy-State, RFC 2865 §5.33).
     */
    byte[] response(byte[] secret) {
        byte[] proxies = attributes.raw(PROXY_STATE);
        int length = HEADER_BYTES + proxies.length;
        byte[] response = new byte[length];
        response[0] = ACCOUNTING_RESPONSE;
        response[1] = (byte) identifier;
        response[2] = (byte) (length >> 8);
        response[3] = (byte) length;
        System.arraycopy(authenticator, 0, response, HEADER_BYTES - AUTHENTICATOR_BYTES, AUTHENTICATOR_BYTES);
        System.arraycopy(proxies, 0, response, HEADER_BYTES, proxies.length);
        byte[] signed = RadiusDigest.md5(response, secret);
        System.arraycopy(signed, 0, response, HEADER_BYTES - AUTHENTICATOR_BYTES, AUTHENTICATOR_BYTES);
        return response;
    }

    /** Nothing of what it says. */
    @Override
    public String toString() {
        return "RadiusPacket[" + identifier + "]";
    }
}
