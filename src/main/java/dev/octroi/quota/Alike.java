package dev.octroi.quota;

import com.github.benmanes.caffeine.cache.Interner;
import dev.octroi.policy.Policy;

/**
 * One of equal values for all accounts that were read with it. Most of a million accounts have the words of a few plans, networks
 * and zones, no restriction, no charge and no switch: as many copies would be a fifth of what they take in memory.
 */
final class Alike {
    /** Lets go of those that no account has any more. */
    private static final Interner<String> WORDS = Interner.newWeakInterner();

    private Alike() {}

    static String word(String read) {
        return WORDS.intern(read);
    }

    static Policy policy(Policy read) {
        return read.equals(Policy.UNRESTRICTED) ? Policy.UNRESTRICTED : read;
    }

    static Background background(Background read) {
        return read.equals(Background.ON) ? Background.ON : read;
    }

    static Charges charges(Charges read) {
        return read.equals(Charges.NONE) ? Charges.NONE : read;
    }
}
