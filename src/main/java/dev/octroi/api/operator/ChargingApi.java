package dev.octroi.api.operator;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Partner;
import dev.octroi.charging.ChargingProfile;
import dev.octroi.charging.ConvergedCharging;
import dev.octroi.charging.NfConsumer;
import dev.octroi.http.SecurityCheck;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;

/**
 * Nchf_ConvergedCharging for SMFs (3GPP TS 32.291), on the listener with HTTP/2 and mutual TLS. Whatever is wrong with a
 * message is answered with ProblemDetails and its cause.
 */
public final class ChargingApi {
    /** What a partner has to be allowed. */
    public static final String OPERATION = "nchf:charge";

    /** The resource, with the version that Release 16 and later have. */
    static final String BASE = "/nchf-convergedcharging/v3/chargingdata";

    private static final int MAX_BODY_BYTES = 256 * 1024;
    private static final int MAX_SOURCE = 40;

    private final SecurityCheck partners;
    private final ConvergedCharging charging;
    private final MeterRegistry registry;

    /** @param partners finds the partner behind a certificate */
    public ChargingApi(SecurityCheck partners, ConvergedCharging charging, MeterRegistry registry) {
        this.partners = requireNonNull(partners, "partners is null");
        this.charging = requireNonNull(charging, "charging is null");
        this.registry = requireNonNull(registry, "registry is null");
    }

    /** Puts the routes on the router of the charging listener. */
    public void mount(Router router) {
        SbiRoutes routes = new SbiRoutes(router, partners, OPERATION, MAX_BODY_BYTES);
        routes.add(HttpMethod.POST, BASE, context -> serve(context, "create", () -> create(context)));
        routes.add(HttpMethod.POST, BASE + "/:ref/update", context -> serve(context, "update", () -> update(context)));
        routes.add(
                HttpMethod.POST, BASE + "/:ref/release", context -> serve(context, "release", () -> release(context)));
    }

    private Future<Void> create(RoutingContext context) {
        return charging.create(consumer(context), SbiRoutes.json(context))
                .onSuccess(this::noteIgnored)
                .compose(answered -> context.response()
                        .setStatusCode(201)
                        .putHeader(HttpHeaders.LOCATION, SbiRoutes.root(context) + BASE + "/" + answered.ref())
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .end(answered.body()));
    }

    private Future<Void> update(RoutingContext context) {
        return charging.update(consumer(context), context.pathParam("ref"), SbiRoutes.json(context))
                .onSuccess(this::noteIgnored)
                .compose(answered -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .end(answered.body()));
    }

    private Future<Void> release(RoutingContext context) {
        return charging.release(consumer(context), context.pathParam("ref"), SbiRoutes.json(context))
                .onSuccess(this::noteIgnored)
                .compose(done -> context.response().setStatusCode(204).end());
    }

    private void noteIgnored(ConvergedCharging.Answered answered) {
        registry.counter("octroi.charging.offline.ignored.bytes").increment((double) answered.ignoredBytes());
    }

    private void serve(RoutingContext context, String operation, Supplier<Future<Void>> work) {
        SbiRoutes.serve(
                context,
                work,
                result -> registry.counter("octroi.charging.messages", "operation", operation, "result", result)
                        .increment());
    }

    static NfConsumer consumer(RoutingContext context) {
        Partner partner = Partner.of(context);
        String source = "nchf:" + partner.name();
        return new NfConsumer(
                partner.id(),
                source.length() > MAX_SOURCE ? source.substring(0, MAX_SOURCE) : source,
                partner::covers,
                partner::serves,
                ChargingProfile.ofWord(partner.charging().profile()).orElse(ChargingProfile.STRICT),
                partner.charging().ignoresOffline());
    }
}
