package dev.octroi.rsp.bound;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;

/**
 * A profile encrypted ahead of the download with keys of its own (PPK mode, SGP.22 §2.5.3): binding it to a card
 * only wraps the keys.
 *
 * @param keys the protection keys, random for each order
 * @param segments the elements 86, one after the other
 */
@SuppressWarnings("ArrayRecordComponent")
public record ProtectedProfile(BspKeys keys, byte[] segments) {
    public ProtectedProfile {
        requireNonNull(keys, "keys is null");
        requireNonNull(segments, "segments is null");
    }

    /** Protects a profile with fresh random keys. */
    public static ProtectedProfile protect(byte[] unprotected, SecureRandom random) {
        BspKeys keys = new BspKeys(bytes(random), bytes(random), bytes(random));
        return new ProtectedProfile(keys, new SecureChannel(keys).encrypt(SecureChannel.TAG_PROFILE, unprotected));
    }

    private static byte[] bytes(SecureRandom random) {
        byte[] key = new byte[BspKeys.KEY_BYTES];
        random.nextBytes(key);
        return key;
    }

    /** Nothing of keys and profile. */
    @Override
    public String toString() {
        return "ProtectedProfile[hidden]";
    }
}
