package dev.octroi.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A client secret as stored: PBKDF2 with HMAC-SHA-256 (RFC 8018). A secret is 256 random bits that the gateway made, so it cannot be
 * guessed however fast a guess is tried, and one iteration keeps it: many would only let strangers keep a processor busy
 * (docs/adr/0057). Earlier versions took 600,000, some tenths of a second of one core.
 *
 * @param salt 16 random bytes
 * @param hash 32 bytes
 * @param iterations at least 1
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by matches() only.
record SecretHash(byte[] salt, byte[] hash, int iterations) {
    private static final int ITERATIONS = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 256;

    static SecretHash of(String secret, SecureRandom random) {
        return of(secret, random, ITERATIONS);
    }

    static SecretHash of(String secret, SecureRandom random, int iterations) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new SecretHash(salt, derive(secret, salt, iterations), iterations);
    }

    /** Whether comparing takes so long that it does not belong on an event loop. */
    boolean isSlow() {
        return iterations > ITERATIONS;
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
