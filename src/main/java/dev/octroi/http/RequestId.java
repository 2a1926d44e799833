package dev.octroi.http;

import dev.octroi.telemetry.RequestContext;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives every request an id: the caller's {@code X-Request-Id} or the trace id of its {@code traceparent} (W3C Trace
 * Context) when well formed, else a new one. It is echoed and named in problems and logs.
 */
public final class RequestId implements Handler<RoutingContext> {

    private static final String KEY = "octroi.requestId";
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{8,64}");
    private static final Pattern TRACEPARENT =
            Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    /** A run of digits as long as an IMEI, IMSI, ICCID or EID: an id like that could carry one into the logs. */
    private static final Pattern IDENTIFIER_LIKE = Pattern.compile("\\d{14,}");

    private static final Pattern DIGITS = Pattern.compile("\\d+");

    private final RandomGenerator random;

    /** Makes ids from this source. */
    public RequestId(RandomGenerator random) {
        this.random = random;
    }

    /** The id of this request, or null before this handler ran. */
    public static @Nullable String of(RoutingContext ctx) {
        return ctx.get(KEY);
    }

    @Override
    public void handle(RoutingContext ctx) {
        String id = accepted(ctx);
        if (id == null) {
            byte[] bytes = new byte[16];
            random.nextBytes(bytes);
            id = HexFormat.of().formatHex(bytes);
        }
        ctx.put(KEY, id);
        RequestContext.set(id);
        ctx.response().putHeader("X-Request-Id", id);
        ctx.next();
    }

    private static @Nullable String accepted(RoutingContext ctx) {
        String id = ctx.request().getHeader("X-Request-Id");
        if (id != null
                && WELL_FORMED.matcher(id).matches()
                && !IDENTIFIER_LIKE.matcher(id).find()) {
            return id;
        }
        String parent = ctx.request().getHeader("traceparent");
        if (parent != null) {
            Matcher matcher = TRACEPARENT.matcher(parent);
            // One of digits alone is an EID rather than chance.
            if (matcher.matches() && !DIGITS.matcher(matcher.group(1)).matches()) {
                return matcher.group(1);
            }
        }
        return null;
    }
}
