package dev.octroi.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * A token bucket for each caller and class of operation (reads, writes). The state is of this process; the callers that
 * were quiet longest are forgotten beyond a bound.
 */
public final class RateLimits implements Routes.OperationGate {

    private static final int MAX_BUCKETS = 50_000;
    private static final int WINDOW_SECONDS = 60;

    private final Function<RoutingContext, String> caller;
    private final int readsPerMinute;
    private final int writesPerMinute;
    private final LongSupplier nanoTime;
    private final Map<String, TokenBucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
            return size() > MAX_BUCKETS;
        }
    };

    /**
     * Limits for a listener.
     *
     * @param caller names who is limited: the tenant or partner, or the address where nobody is known
     * @param nanoTime monotonic clock in nanoseconds
     */
    public RateLimits(
            Function<RoutingContext, String> caller, int readsPerMinute, int writesPerMinute, LongSupplier nanoTime) {
        if (readsPerMinute < 1 || writesPerMinute < 1) {
            throw new IllegalArgumentException("a rate limit is not positive");
        }
        this.caller = caller;
        this.readsPerMinute = readsPerMinute;
        this.writesPerMinute = writesPerMinute;
        this.nanoTime = nanoTime;
    }

    @Override
    public Future<Void> pass(RoutingContext ctx, ContractOperation operation) {
        boolean read =
                operation.method().equals(HttpMethod.GET) || operation.method().equals(HttpMethod.HEAD);
        String name = read ? "read" : "write";
        int perMinute = read ? readsPerMinute : writesPerMinute;
        TokenBucket.Taken taken = take(name + ":" + caller.apply(ctx), perMinute);
        ctx.response()
                .putHeader("RateLimit-Policy", "\"" + name + "\";q=" + perMinute + ";w=" + WINDOW_SECONDS)
                .putHeader("RateLimit", "\"" + name + "\";r=" + taken.left() + ";t=" + taken.fullInSeconds());
        if (taken.granted()) {
            return Future.succeededFuture();
        }
        return Future.failedFuture(Problem.of(ProblemType.TOO_MANY_REQUESTS)
                .withCode("quota_exceeded")
                .toException()
                .withHeader("Retry-After", Long.toString(taken.fullInSeconds())));
    }

    private TokenBucket.Taken take(String key, int perMinute) {
        long nowMs = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
        synchronized (buckets) {
            return buckets.computeIfAbsent(key, absent -> new TokenBucket(perMinute, WINDOW_SECONDS, nowMs))
                    .take(nowMs);
        }
    }
}
