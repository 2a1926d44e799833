package dev.octroi.quota.account;

import com.github.benmanes.caffeine.cache.Interner;
import dev.octroi.policy.Policy;

/**
 * One of equal values for all accounts that were read with it. Most of a million accounts have the words of a few plans, networks
 * and zones, no restriction, no charge and no switch: as many copies would be a fifth of what they take in memory.
 */
public final class Alike {
    /** Lets go of those that no account has any more. */
    private static final Interner<String> WORDS = Interner.newWeakInterner();

    private Alike() {}

    /** The first word of those that are equal, as long as one of them is held. */
    public static String word(String read) {
        return WORDS.intern(read);
    }

    /** The one policy that leaves all open, for each that is equal to it. */
    public static Policy policy(Policy read) {
        return read.equals(Policy.UNRESTRICTED) ? Policy.UNRESTRICTED : read;
    }

    /** The one switch that is on, for each that is equal to it. */
    public static Background background(Background read) {
        return read.equals(Background.ON) ? Background.ON : read;
    }

    /** The one that charged nothing yet, for each that is equal to it. */
    public static Charges charges(Charges read) {
        return read.equals(Charges.NONE) ? Charges.NONE : read;
    }
}
