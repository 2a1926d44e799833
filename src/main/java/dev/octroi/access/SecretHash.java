package dev.octroi.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A client secret as stored: PBKDF2 with HMAC-SHA-256. Making and comparing takes some tenths of a second of one core, so
 * neither belongs on an event loop.
 *
 * @param salt 16 random bytes
 * @param hash 32 bytes
 * @param iterations at least 600,000
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by matches() only.
record SecretHash(byte[] salt, byte[] hash, int iterations) {
    static final int ITERATIONS = 600_000;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 256;

    static SecretHash of(String secret, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new SecretHash(salt, derive(secret, salt, ITERATIONS), ITERATIONS);
    }

    boolean matches(String secret) {
        return MessageDigest.isEqual(hash, derive(secret, salt, iterations));
    }

    private static byte[] derive(String secret, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(secret.toCharArray(), salt, iterations, HASH_BITS);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("PBKDF2 is part of every JDK", e);
        } finally {
            spec.clearPassword();
        }
    }
}
