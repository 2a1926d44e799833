package dev.octroi.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.function.LongSupplier;

/**
 * Bounds how often an address (of IPv6 the first 64 bits) may ask where nobody says who they are and each request costs signatures:
 * 429 with {@code Retry-After} beyond.
 */
public final class AddressRate implements Handler<RoutingContext> {
    private final int perMinute;
    private final TokenBuckets buckets;

    /**
     * @param perMinute requests in a minute, of one address
     * @param nanoTime monotonic clock in nanoseconds
     */
    public AddressRate(int perMinute, LongSupplier nanoTime) {
        this.perMinute = TokenBuckets.requirePositive(perMinute);
        this.buckets = new TokenBuckets(nanoTime);
    }

    @Override
    public void handle(RoutingContext ctx) {
        TokenBucket.Taken taken = buckets.take(AddressRange.of(ctx.request().remoteAddress()), perMinute);
        if (taken.granted()) {
            ctx.next();
            return;
        }
        ctx.fail(taken.refusal("too_many_requests", "Too many requests from this address."));
    }
}
