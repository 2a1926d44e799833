package dev.octroi.api.operator;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Partner;
import dev.octroi.http.SecurityCheck;
import dev.octroi.rsp.order.ExternalProfiles;
import dev.octroi.rsp.order.ExternalProgress;
import dev.octroi.rsp.session.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * ES2+.HandleDownloadProgressInfo of the SM-DP+ that profiles are ordered from (SGP.22 v2.5 §5.3.5), on the listener with
 * mutual TLS. Whatever can be read is answered with 204, also a second time and for profiles that are not known: a server
 * that gets an error tells the same for ever. What cannot be read is refused as on all of ES2+, with HTTP status 200 and
 * 1.6/2.1 or 1.6/2.2 in the body.
 */
public final class Es2ProgressApi {
    /** What a partner has to be allowed. */
    public static final String OPERATION = "es2:progress";

    private static final String PATH = Es2Api.BASE + "handleDownloadProgressInfo";
    private static final int MAX_BODY_BYTES = 64 * 1024;

    private final SecurityCheck partners;
    private final ExternalProfiles profiles;
    private final MeterRegistry registry;

    /** @param partners finds the partner behind a certificate */
    public Es2ProgressApi(SecurityCheck partners, ExternalProfiles profiles, MeterRegistry registry) {
        this.partners = requireNonNull(partners, "partners is null");
        this.profiles = requireNonNull(profiles, "profiles is null");
        this.registry = requireNonNull(registry, "registry is null");
    }

    /** Puts the route on the router of the operator listener. */
    public void mount(Router router) {
        // A route of its own, so that nothing of a stranger's body is read.
        router.post(PATH).handler(context -> {
            context.request().pause();
            partners.check(context, List.of(OPERATION))
                    .onSuccess(allowed -> {
                        context.request().resume();
                        context.next();
                    })
                    .onFailure(context::fail);
        });
        router.post(PATH)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::handle);
    }

    private void handle(RoutingContext context) {
        if (!Es2Api.isJson(context)) {
            context.fail(415);
            return;
        }
        Partner partner = Partner.of(context);
        Optional<ExternalProgress> told;
        try {
            told = ProgressBody.read(context.body().buffer(), partner.es2());
        } catch (Es2Body.Refused e) {
            count("malformed");
            Es2Api.answer(context, Outcome.failed(e.status()));
            return;
        }
        if (told.isEmpty()) {
            answer(context, "unknown_point");
            return;
        }
        profiles.progress(partner.tenantId(), told.get())
                .onSuccess(reception -> answer(context, reception.name().toLowerCase(Locale.ROOT)))
                .onFailure(context::fail);
    }

    private void answer(RoutingContext context, String result) {
        count(result);
        context.response()
                .putHeader("X-Admin-Protocol", "gsma/rsp/v2.5.0")
                .setStatusCode(204)
                .end();
    }

    private void count(String result) {
        registry.counter("octroi.es2.progress", "result", result).increment();
    }
}
