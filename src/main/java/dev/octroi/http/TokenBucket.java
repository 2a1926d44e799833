package dev.octroi.http;

/** A bucket that holds as many tokens as its window grants, and refills evenly. Not thread-safe. */
final class TokenBucket {

    private final double capacity;
    private final double perMs;
    private double tokens;
    private long filledMs;

    /**
     * What came of asking for a token.
     *
     * @param left whole tokens left
     * @param fullInSeconds seconds until a refused caller should come again, or until the bucket is full
     */
    record Taken(boolean granted, long left, long fullInSeconds) {}

    TokenBucket(int capacity, int windowSeconds, long nowMs) {
        this.capacity = capacity;
        this.perMs = capacity / (windowSeconds * 1000.0);
        this.tokens = capacity;
        this.filledMs = nowMs;
    }

    Taken take(long nowMs) {
        tokens = Math.min(capacity, tokens + Math.max(0, nowMs - filledMs) * perMs);
        filledMs = nowMs;
        if (tokens < 1) {
            return new Taken(false, 0, seconds(1 - tokens));
        }
        tokens--;
        return new Taken(true, (long) tokens, seconds(capacity - tokens));
    }

    /** Puts back what was taken for nothing. */
    void giveBack() {
        tokens = Math.min(capacity, tokens + 1);
    }

    private long seconds(double missing) {
        return Math.max(1, (long) Math.ceil(missing / perMs / 1000));
    }
}
