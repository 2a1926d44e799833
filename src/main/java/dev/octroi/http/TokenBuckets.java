package dev.octroi.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A token bucket for each caller, in this process; the callers that were quiet longest are forgotten beyond a bound. */
final class TokenBuckets {
    static final int WINDOW_SECONDS = 60;

    private static final int MAX_BUCKETS = 50_000;

    private final LongSupplier nanoTime;
    private final Map<String, TokenBucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
            return size() > MAX_BUCKETS;
        }
    };

    /** @param nanoTime monotonic clock in nanoseconds */
    TokenBuckets(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Asks for a token of a caller that may have so many in a minute. */
    TokenBucket.Taken take(String caller, int perMinute) {
        long nowMs = nowMs();
        synchronized (buckets) {
            return bucket(caller, perMinute, nowMs).take(nowMs);
        }
    }

    /** Whether there is a token of a caller; none is taken. */
    TokenBucket.Taken look(String caller, int perMinute) {
        long nowMs = nowMs();
        synchronized (buckets) {
            TokenBucket bucket = buckets.get(caller);
            return (bucket == null ? new TokenBucket(perMinute, WINDOW_SECONDS, nowMs) : bucket).look(nowMs);
        }
    }

    /** Takes a token of a caller whether there is one or not. */
    void owe(String caller, int perMinute) {
        long nowMs = nowMs();
        synchronized (buckets) {
            bucket(caller, perMinute, nowMs).owe(nowMs);
        }
    }

    private TokenBucket bucket(String caller, int perMinute, long nowMs) {
        return buckets.computeIfAbsent(caller, absent -> new TokenBucket(perMinute, WINDOW_SECONDS, nowMs));
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }

    /** Whole limits only. */
    static int requirePositive(int perMinute) {
        if (perMinute < 1) {
            throw new IllegalArgumentException("a rate limit is not positive");
        }
        return perMinute;
    }
}
