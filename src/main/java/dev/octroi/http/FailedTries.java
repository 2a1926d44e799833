package dev.octroi.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Bounds what an address may try in vain where nobody has yet said who they are: secrets of clients, links of travellers, tokens
 * at the console. A request takes a token out of its address's bucket and gives it back if it was answered with less than 400, so
 * that the many travellers behind one address pay only for what fails. The state is of this process.
 */
public final class FailedTries implements Handler<RoutingContext> {
    private static final int MAX_ADDRESSES = 50_000;
    private static final int WINDOW_SECONDS = 60;
    private static final int FIRST_FAILURE = 400;

    private final int perMinute;
    private final LongSupplier nanoTime;
    private final Map<String, TokenBucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    /**
     * @param perMinute tries that may fail in a minute, of one address
     * @param nanoTime monotonic clock in nanoseconds
     */
    public FailedTries(int perMinute, LongSupplier nanoTime) {
        if (perMinute < 1) {
            throw new IllegalArgumentException("a rate limit is not positive");
        }
        this.perMinute = perMinute;
        this.nanoTime = nanoTime;
    }

    @Override
    public void handle(RoutingContext ctx) {
        String address = String.valueOf(ctx.request().remoteAddress().hostAddress());
        TokenBucket.Taken taken = take(address);
        if (!taken.granted()) {
            ctx.fail(Problem.of(ProblemType.TOO_MANY_REQUESTS, "Too many tries from this address failed.")
                    .withCode("too_many_failures")
                    .toException()
                    .withHeader("Retry-After", Long.toString(taken.fullInSeconds())));
            return;
        }
        ctx.addEndHandler(over -> {
            if (over.succeeded() && ctx.response().getStatusCode() < FIRST_FAILURE) {
                giveBack(address);
            }
        });
        ctx.next();
    }

    private TokenBucket.Taken take(String address) {
        long nowMs = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
        synchronized (buckets) {
            return buckets.computeIfAbsent(address, absent -> new TokenBucket(perMinute, WINDOW_SECONDS, nowMs))
                    .take(nowMs);
        }
    }

    private void giveBack(String address) {
        synchronized (buckets) {
            TokenBucket bucket = buckets.get(address);
            if (bucket != null) {
                bucket.giveBack();
            }
        }
    }
}
