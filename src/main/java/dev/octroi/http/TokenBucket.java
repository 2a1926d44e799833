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
    record Taken(boolean granted, long left, long fullInSeconds) {
        /** What a caller who got no token is told: 429, and when to come again. */
        ProblemException refusal(String code, String sentence) {
            return Problem.of(ProblemType.TOO_MANY_REQUESTS, sentence)
                    .withCode(code)
                    .toException()
                    .withHeader("Retry-After", Long.toString(fullInSeconds));
        }
    }

    TokenBucket(int capacity, int windowSeconds, long nowMs) {
        this.capacity = capacity;
        this.perMs = capacity / (windowSeconds * 1000.0);
        this.tokens = capacity;
        this.filledMs = nowMs;
    }

    Taken take(long nowMs) {
        Taken seen = look(nowMs);
        if (!seen.granted()) {
            return seen;
        }
        tokens--;
        return new Taken(true, (long) tokens, seconds(capacity - tokens));
    }

    /** The same without taking anything. */
    Taken look(long nowMs) {
        tokens = Math.min(capacity, tokens + Math.max(0, nowMs - filledMs) * perMs);
        filledMs = nowMs;
        return tokens < 1
                ? new Taken(false, 0, seconds(1 - tokens))
                : new Taken(true, (long) tokens, seconds(capacity - tokens));
    }

    /** Takes a token whether there is one or not; what is owed is at most a full bucket. */
    void owe(long nowMs) {
        look(nowMs);
        tokens = Math.max(-capacity, tokens - 1);
    }

    private long seconds(double missing) {
        return Math.max(1, (long) Math.ceil(missing / perMs / 1000));
    }
}
