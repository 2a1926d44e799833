package dev.octroi.testing;

import java.util.Random;

/** The randomness of histories that are told apart by small numbers, which a failure prints and a replay names. */
public final class Seeds {
    /** The first draws of neighbouring seeds are alike; of multiples of an odd number they are not. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    /** What happens in the history of that number: the same each time. */
    public static Random random(long seed) {
        return new Random(seed * SPREAD);
    }
}
