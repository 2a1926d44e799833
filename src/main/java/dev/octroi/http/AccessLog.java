package dev.octroi.http;

import dev.octroi.telemetry.MethodName;
import io.vertx.core.Handler;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line per request. It names the path's template, never the path: paths carry identifiers. */
public final class AccessLog implements Handler<RoutingContext> {

    /** Where the operation that a request reaches leaves its template in the context. */
    static final String TEMPLATE = "octroi.template";

    private static final Logger LOG = LoggerFactory.getLogger("octroi.access");

    private final String listener;
    private final LongSupplier nanoTime;

    /** A log for a listener of this name; times are taken from a monotonic source in nanoseconds. */
    public AccessLog(String listener, LongSupplier nanoTime) {
        this.listener = listener;
        this.nanoTime = nanoTime;
    }

    @Override
    public void handle(RoutingContext ctx) {
        long begin = nanoTime.getAsLong();
        ctx.addEndHandler(ended -> LOG.info(
                "{} {} {} -> {} in {} ms, {} bytes",
                listener,
                MethodName.of(ctx.request().method().name()),
                template(ctx),
                ctx.response().getStatusCode(),
                TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - begin),
                ctx.response().bytesWritten()));
        ctx.next();
    }

    /** The template of the operation, else the route's own path, which holds names of parameters and not their values. */
    private static String template(RoutingContext ctx) {
        String template = ctx.get(TEMPLATE);
        if (template != null) {
            return template;
        }
        Route route = ctx.currentRoute();
        return route == null || route.getPath() == null ? "(none)" : route.getPath();
    }
}
