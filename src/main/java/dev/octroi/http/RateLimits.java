package dev.octroi.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Token buckets for each caller and class of operation (reads, writes). */
public final class RateLimits implements Routes.OperationGate {

    private final Function<RoutingContext, String> caller;
    private final int readsPerMinute;
    private final int writesPerMinute;
    private final TokenBuckets buckets;

    /**
     * Limits for a listener.
     *
     * @param caller names who is limited: the tenant or partner, or the address where nobody is known
     * @param nanoTime monotonic clock in nanoseconds
     */
    public RateLimits(
            Function<RoutingContext, String> caller, int readsPerMinute, int writesPerMinute, LongSupplier nanoTime) {
        this.caller = caller;
        this.readsPerMinute = TokenBuckets.requirePositive(readsPerMinute);
        this.writesPerMinute = TokenBuckets.requirePositive(writesPerMinute);
        this.buckets = new TokenBuckets(nanoTime);
    }

    @Override
    public Future<Void> pass(RoutingContext ctx, ContractOperation operation) {
        boolean read =
                operation.method().equals(HttpMethod.GET) || operation.method().equals(HttpMethod.HEAD);
        String name = read ? "read" : "write";
        int perMinute = read ? readsPerMinute : writesPerMinute;
        TokenBucket.Taken taken = buckets.take(name + ":" + caller.apply(ctx), perMinute);
        ctx.response()
                .putHeader("RateLimit-Policy", "\"" + name + "\";q=" + perMinute + ";w=" + TokenBuckets.WINDOW_SECONDS)
                .putHeader("RateLimit", "\"" + name + "\";r=" + taken.left() + ";t=" + taken.fullInSeconds());
        if (taken.granted()) {
            return Future.succeededFuture();
        }
        return Future.failedFuture(Problem.of(ProblemType.TOO_MANY_REQUESTS)
                .withCode("quota_exceeded")
                .toException()
                .withHeader("Retry-After", Long.toString(taken.fullInSeconds())));
    }
}
