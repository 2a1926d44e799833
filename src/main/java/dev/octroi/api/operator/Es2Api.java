package dev.octroi.api.operator;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Partner;
import dev.octroi.http.ProblemException;
import dev.octroi.http.SecurityCheck;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import dev.octroi.smdp.SmDpPlus;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ES2+ for operators that order profiles here, on the listener with mutual TLS. A refusal is an answer with HTTP status
 * 200 and its reason in the body, also for a caller that is not known (SGP.22 v2.5 §6.5.1.4).
 */
public final class Es2Api {
    /** What a partner has to be allowed. */
    public static final String OPERATION = "es2:order";

    static final String BASE = "/gsma/rsp2/es2plus/";
    static final int MAX_BODY_BYTES = 16 * 1024;

    private static final Logger log = LoggerFactory.getLogger(Es2Api.class);

    private final SecurityCheck partners;
    private final Function<String, Future<Boolean>> requesters;
    private final Map<String, Es2Operation> operations;

    /**
     * @param partners finds the partner behind a certificate
     * @param requesters whether some partner calls under a {@code functionRequesterIdentifier}
     * @param orders carries the functions out
     */
    public Es2Api(SecurityCheck partners, Function<String, Future<Boolean>> requesters, SmDpPlus orders) {
        this.partners = requireNonNull(partners, "partners is null");
        this.requesters = requireNonNull(requesters, "requesters is null");
        Es2Functions functions = new Es2Functions(requireNonNull(orders, "orders is null"));
        this.operations = Map.of(
                "downloadOrder", functions::downloadOrder,
                "confirmOrder", functions::confirmOrder,
                "cancelOrder", functions::cancelOrder,
                "releaseProfile", functions::releaseProfile);
    }

    /** Puts the routes on the router of the operator listener. */
    public void mount(Router router) {
        BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);
        operations.forEach((name, operation) -> {
            // A route of its own, so that nothing of a stranger's body is read.
            router.post(BASE + name).handler(this::authorise);
            router.post(BASE + name).handler(body).handler(context -> handle(context, name, operation));
        });
    }

    private void authorise(RoutingContext context) {
        context.request().pause();
        partners.check(context, List.of(OPERATION))
                .onSuccess(allowed -> {
                    context.request().resume();
                    context.next();
                })
                .onFailure(failure -> {
                    if (!(failure instanceof ProblemException refused)) {
                        context.fail(failure);
                        return;
                    }
                    boolean known = "operation_not_allowed".equals(refused.getMessage());
                    context.response().putHeader(HttpHeaders.CONNECTION, "close");
                    answer(
                            context,
                            Outcome.failed(known ? GsmaStatus.REQUESTER_NOT_ALLOWED : GsmaStatus.UNKNOWN_REQUESTER));
                });
    }

    private void handle(RoutingContext context, String name, Es2Operation operation) {
        if (!isJson(context)) {
            context.fail(415);
            return;
        }
        Partner partner = Partner.of(context);
        if (partner.tenantId() == 0) {
            answer(context, Outcome.failed(GsmaStatus.REQUESTER_NOT_ALLOWED));
            return;
        }
        Es2Body request;
        try {
            request = Es2Body.read(context.body().buffer());
        } catch (Es2Body.Refused e) {
            answer(context, Outcome.failed(e.status()));
            return;
        }
        refusalOf(partner, request)
                .compose(refusal -> refusal.isPresent()
                        ? Future.succeededFuture(Outcome.<JsonObject>failed(refusal.get()))
                        : run(operation, partner, request))
                .onSuccess(outcome -> answer(context, outcome))
                .onFailure(failure -> {
                    log.warn("{} could not be carried out", name, failure);
                    answer(context, Outcome.failed(GsmaStatus.EXECUTION_ERROR));
                });
    }

    /** The identifier in the header has to be the partner's own, where one is registered. */
    private Future<Optional<GsmaStatus>> refusalOf(Partner partner, Es2Body request) {
        Optional<String> own = partner.es2().requesterId();
        if (own.isEmpty() || own.get().equals(request.requester())) {
            return Future.succeededFuture(Optional.empty());
        }
        return requesters
                .apply(request.requester())
                .map(known -> Optional.of(known ? GsmaStatus.REQUESTER_NOT_ALLOWED : GsmaStatus.UNKNOWN_REQUESTER));
    }

    private static Future<Outcome<JsonObject>> run(Es2Operation operation, Partner partner, Es2Body request) {
        try {
            return operation.handle(request.call(partner), request);
        } catch (Es2Body.Refused e) {
            return Future.succeededFuture(Outcome.failed(e.status()));
        }
    }

    /** Whether the body is said to be JSON, or nothing is said of it. */
    static boolean isJson(RoutingContext context) {
        String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        return type == null || type.toLowerCase(Locale.ROOT).startsWith("application/json");
    }

    static void answer(RoutingContext context, Outcome<JsonObject> outcome) {
        context.response()
                .putHeader("X-Admin-Protocol", "gsma/rsp/v2.5.0")
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json;charset=UTF-8")
                .end(Es2Answer.of(outcome).toBuffer());
    }
}
