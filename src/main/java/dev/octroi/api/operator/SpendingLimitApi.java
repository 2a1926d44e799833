package dev.octroi.api.operator;

import static java.util.Objects.requireNonNull;

import dev.octroi.charging.SpendingLimits;
import dev.octroi.http.SecurityCheck;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;

/** Nchf_SpendingLimitControl for PCFs (3GPP TS 29.594), on the listener with HTTP/2 and mutual TLS. */
public final class SpendingLimitApi {
    /** What a partner has to be allowed. */
    public static final String OPERATION = "nchf:limits";

    static final String BASE = "/nchf-spendinglimitcontrol/v1/subscriptions";

    private static final int MAX_BODY_BYTES = 16 * 1024;

    private final SecurityCheck partners;
    private final SpendingLimits limits;
    private final MeterRegistry registry;

    /** @param partners finds the partner behind a certificate */
    public SpendingLimitApi(SecurityCheck partners, SpendingLimits limits, MeterRegistry registry) {
        this.partners = requireNonNull(partners, "partners is null");
        this.limits = requireNonNull(limits, "limits is null");
        this.registry = requireNonNull(registry, "registry is null");
    }

    /** Puts the routes on the router of the charging listener. */
    public void mount(Router router) {
        SbiRoutes routes = new SbiRoutes(router, partners, OPERATION, MAX_BODY_BYTES);
        routes.add(HttpMethod.POST, BASE, context -> serve(context, "subscribe", () -> subscribe(context)));
        routes.add(HttpMethod.PUT, BASE + "/:id", context -> serve(context, "modify", () -> modify(context)));
        routes.add(
                HttpMethod.DELETE, BASE + "/:id", context -> serve(context, "unsubscribe", () -> unsubscribe(context)));
    }

    private Future<Void> subscribe(RoutingContext context) {
        return limits.subscribe(ChargingApi.consumer(context), SbiRoutes.json(context))
                .compose(subscribed -> context.response()
                        .setStatusCode(201)
                        .putHeader(HttpHeaders.LOCATION, SbiRoutes.root(context) + BASE + "/" + subscribed.id())
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .end(subscribed.body().toBuffer()));
    }

    private Future<Void> modify(RoutingContext context) {
        return limits.modify(ChargingApi.consumer(context), context.pathParam("id"), SbiRoutes.json(context))
                .compose(subscribed -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .end(subscribed.body().toBuffer()));
    }

    private Future<Void> unsubscribe(RoutingContext context) {
        return limits.unsubscribe(ChargingApi.consumer(context), context.pathParam("id"))
                .compose(done -> context.response().setStatusCode(204).end());
    }

    private void serve(RoutingContext context, String operation, Supplier<Future<Void>> work) {
        SbiRoutes.serve(
                context,
                work,
                result -> registry.counter("octroi.spending.limits", "operation", operation, "result", result)
                        .increment());
    }
}
