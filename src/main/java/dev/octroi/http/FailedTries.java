package dev.octroi.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.function.LongSupplier;

/**
 * Bounds what an address may try in vain where nobody has yet said who they are: secrets of clients, links of travellers, tokens
 * at the console. A request takes a token out of its address's bucket and gives it back if it was answered with less than 400, so
 * that the many travellers behind one address pay only for what fails.
 */
public final class FailedTries implements Handler<RoutingContext> {
    private static final int FIRST_FAILURE = 400;

    private final int perMinute;
    private final TokenBuckets buckets;

    /**
     * @param perMinute tries that may fail in a minute, of one address
     * @param nanoTime monotonic clock in nanoseconds
     */
    public FailedTries(int perMinute, LongSupplier nanoTime) {
        this.perMinute = TokenBuckets.requirePositive(perMinute);
        this.buckets = new TokenBuckets(nanoTime);
    }

    @Override
    public void handle(RoutingContext ctx) {
        String address = String.valueOf(ctx.request().remoteAddress().hostAddress());
        TokenBucket.Taken taken = buckets.take(address, perMinute);
        if (!taken.granted()) {
            ctx.fail(Problem.of(ProblemType.TOO_MANY_REQUESTS, "Too many tries from this address failed.")
                    .withCode("too_many_failures")
                    .toException()
                    .withHeader("Retry-After", Long.toString(taken.fullInSeconds())));
            return;
        }
        ctx.addEndHandler(over -> {
            if (over.succeeded() && ctx.response().getStatusCode() < FIRST_FAILURE) {
                buckets.giveBack(address);
            }
        });
        ctx.next();
    }
}
