package dev.octroi.telemetry;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.spi.context.storage.AccessMode;
import io.vertx.core.spi.context.storage.ContextLocal;
import org.jspecify.annotations.Nullable;

/**
 * The identifier of the request that the current Vert.x context works for. It follows the request through every
 * future, because it is a local of the (duplicated) context and not of a thread.
 */
public final class RequestContext {
    // Locals must be registered before the Vert.x instance is made: hence newVertx below.
    private static final ContextLocal<String> REQUEST_ID = ContextLocal.registerLocal(String.class);

    private RequestContext() {}

    /** Makes the Vert.x instance; going through this class registers the local in time. */
    public static Vertx newVertx(VertxOptions options) {
        return Vertx.vertx(options);
    }

    /** The same with metrics. */
    public static Vertx newVertx(VertxOptions options, VertxMetricsFactory metrics) {
        return Vertx.builder().with(options).withMetrics(metrics).build();
    }

    /** Sets the request identifier of the current context; outside a context it does nothing. */
    public static void set(String requestId) {
        Context context = Vertx.currentContext();
        if (context instanceof ContextInternal internal && internal.isDuplicate()) {
            internal.putLocal(REQUEST_ID, AccessMode.CONCURRENT, requestId);
        }
    }

    /** The request identifier of the current context, or null outside a request. */
    public static @Nullable String current() {
        Context context = Vertx.currentContext();
        if (context instanceof ContextInternal internal && internal.isDuplicate()) {
            return internal.getLocal(REQUEST_ID, AccessMode.CONCURRENT);
        }
        return null;
    }
}
