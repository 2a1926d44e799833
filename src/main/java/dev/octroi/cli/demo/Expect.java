package dev.octroi.cli.demo;

/** What a step must see to be true. */
final class Expect {
    private Expect() {}

    /**
     * Goes on when the condition holds.
     *
     * @param rule what should be so, in words
     */
    static void that(boolean condition, String rule) {
        if (!condition) {
            throw new NotObserved("not so: " + rule);
        }
    }

    /** Goes on when two numbers are equal. */
    static void equal(long wanted, long seen, String what) {
        if (wanted != seen) {
            throw new NotObserved(what + ": wanted " + wanted + ", saw " + seen);
        }
    }
}
