package dev.octroi.radius;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The digests of RADIUS. The protocol knows no other; that is why the path to a peer wants IPsec or a network of its own.
 */
public final class RadiusDigest {
    private RadiusDigest() {}

    /** MD5 over a packet and the shared secret: authenticators of accounting, of dynamic authorization and of answers. */
    public static byte[] md5(byte[] packet, byte[] secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            digest.update(packet);
            return digest.digest(secret);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("MD5 is part of every JDK", e);
        }
    }

    /** HMAC-MD5 over a packet, for Message-Authenticator (RFC 3579 §3.2). */
    public static byte[] hmacMd5(byte[] packet, byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(secret, "HmacMD5"));
            return mac.doFinal(packet);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacMD5 is part of every JDK", e);
        }
    }
}
