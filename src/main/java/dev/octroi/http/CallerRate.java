package dev.octroi.http;

import dev.octroi.secret.Sha256;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.LongSupplier;

/** Bounds how often one caller may ask in a minute where no tenant's limits do: 429 with {@code Retry-After} beyond. */
public final class CallerRate {
    private static final String LINK = "/s/";
    private static final int HASH_BYTES = 16;
    /** Of a link's requests so many of a hundred may change something. */
    private static final int CHANGES_PERCENT = 10;

    private final int perMinute;
    private final TokenBuckets buckets;

    /**
     * @param perMinute requests in a minute, of one caller
     * @param nanoTime monotonic clock in nanoseconds
     */
    public CallerRate(int perMinute, LongSupplier nanoTime) {
        this.perMinute = TokenBuckets.requirePositive(perMinute);
        this.buckets = new TokenBuckets(nanoTime);
    }

    /** For all routes where nobody says who they are and each request costs signatures: by address, of IPv6 the first 64 bits. */
    public static Handler<RoutingContext> ofAddresses(int perMinute, LongSupplier nanoTime) {
        CallerRate rate = new CallerRate(perMinute, nanoTime);
        return ctx -> rate.pass(ctx, AddressRange.of(ctx.request().remoteAddress()), "this address");
    }

    /**
     * For the routes below {@code /s/TOKEN}: by the link, whose holder may otherwise write decisions, audit rows and callbacks without end.
     *
     * @param perMinute requests, a tenth of which may change something
     */
    public static Handler<RoutingContext> ofLinks(int perMinute, LongSupplier nanoTime) {
        CallerRate all = new CallerRate(perMinute, nanoTime);
        CallerRate changes = new CallerRate(Math.max(1, perMinute * CHANGES_PERCENT / 100), nanoTime);
        return ctx -> {
            HttpMethod method = ctx.request().method();
            boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
            (reads ? all : changes).pass(ctx, link(ctx.normalizedPath()), "this link");
        };
    }

    private void pass(RoutingContext ctx, String caller, String who) {
        if (admits(ctx, caller, who)) {
            ctx.next();
        }
    }

    /**
     * Whether a caller may ask; if not, the request has failed with that.
     *
     * @param who the caller in words
     */
    public boolean admits(RoutingContext ctx, String caller, String who) {
        TokenBucket.Taken taken = buckets.take(caller, perMinute);
        if (!taken.granted()) {
            ctx.fail(taken.refusal("too_many_requests", "Too many requests from " + who + "."));
        }
        return taken.granted();
    }

    /** A name of the link that opens nothing. */
    private static String link(String path) {
        int end = path.indexOf('/', LINK.length());
        String token = path.substring(Math.min(LINK.length(), path.length()), end < 0 ? path.length() : end);
        return HexFormat.of().formatHex(Sha256.of(token.getBytes(StandardCharsets.UTF_8)), 0, HASH_BYTES);
    }
}
