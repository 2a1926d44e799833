package dev.octroi.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.function.LongSupplier;

/**
 * Bounds what an address (of IPv6 the first 64 bits) may try in vain where nobody has yet said who they are: secrets of clients, links of travellers, tokens
 * at the console. Only a request that was refused (4xx), or whose sender went away before it was answered, takes a token out of its address's bucket, so that the many travellers behind
 * one address pay neither for what succeeds or is still being answered, nor for what this gateway could not answer.
 */
public final class FailedTries implements Handler<RoutingContext> {
    private static final int FIRST_REFUSAL = 400;
    private static final int FIRST_FAULT = 500;
    private static final int TOO_MANY_REQUESTS = 429;

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
        if (admits(ctx, "")) {
            ctx.next();
        }
    }

    /**
     * Whether a try may be made; if not, the request has failed with that.
     *
     * @param who tries, where that is known of an address; else empty
     */
    public boolean admits(RoutingContext ctx, String who) {
        String caller = AddressRange.of(ctx.request().remoteAddress()) + " " + who;
        TokenBucket.Taken taken = buckets.look(caller, perMinute);
        if (!taken.granted()) {
            ctx.fail(taken.refusal("too_many_failures", "Too many tries from this address failed."));
            return false;
        }
        ctx.addEndHandler(over -> {
            boolean hungUp = over.failed() && !ctx.response().headWritten();
            if (hungUp || isRefusal(ctx.response().getStatusCode())) {
                buckets.owe(caller, perMinute);
            }
        });
        return true;
    }

    private static boolean isRefusal(int status) {
        return status >= FIRST_REFUSAL && status < FIRST_FAULT && status != TOO_MANY_REQUESTS;
    }
}
