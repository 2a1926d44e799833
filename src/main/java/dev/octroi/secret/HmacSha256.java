package dev.octroi.secret;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** HMAC with SHA-256 (RFC 2104), 32 bytes. */
public final class HmacSha256 {
    private HmacSha256() {}

    /** Of a message, with the bytes of a key. */
    public static byte[] of(byte[] key, byte[] message) {
        return of(new SecretKeySpec(key, "HmacSHA256"), message);
    }

    /** Of a message, with a key. */
    public static byte[] of(SecretKey key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }
}
