package dev.octroi.access;

import java.math.BigInteger;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** The one base64url form of bytes (RFC 4648 §5): no padding, no blanks, unused bits zero. */
final class Base64Url {
    private static final int FIELD_BYTES = 32;
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]*");

    private Base64Url() {}

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A P-256 field element, always 32 bytes (RFC 7518 §6.2.1.2). */
    static String encode(BigInteger field) {
        byte[] bytes = field.toByteArray();
        byte[] fixed = new byte[FIELD_BYTES];
        int length = Math.min(bytes.length, FIELD_BYTES);
        System.arraycopy(bytes, bytes.length - length, fixed, FIELD_BYTES - length, length);
        return encode(fixed);
    }

    /** Decodes; empty for any other form of the same bytes. */
    static Optional<byte[]> decode(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        if (text.length() % 4 == 1) {
            return Optional.empty();
        }
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        return encode(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
    }
}
