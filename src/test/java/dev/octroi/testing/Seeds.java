package dev.octroi.testing;

import java.util.Random;

/** The randomness of histories that are told apart by small numbers, which a failure prints and a replay names. */
public final class Seeds {
    /** The first draws of neighbouring seeds are alike; of multiples of an odd number they are not. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    /** A new seed for a test that draws another history each time; {@code -Doctroi.seed} plays one again. */
    public static long fresh() {
        return Long.getLong("octroi.seed", System.nanoTime());
    }

    /** Something that draws, and that may fail in any way. */
    @FunctionalInterface
    public interface History {
        void play() throws Exception;
    }

    /** Plays a history; whatever ends it says its seed, also where it was no assertion. */
    public static void told(long seed, History history) {
        try {
            history.play();
        } catch (Exception | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    /** What happens in the history of that number: the same each time. */
    public static Random random(long seed) {
        return new Random(seed * SPREAD);
    }
}
