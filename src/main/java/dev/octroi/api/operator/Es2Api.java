package dev.octroi.api.operator;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Partner;
import dev.octroi.http.SecurityCheck;
import dev.octroi.rsp.order.OperatorOrders;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ES2+ for operators that order profiles here, on the listener with mutual TLS. A refusal is an answer with HTTP status
 * 200 and its reason in the body; only a certificate that is not allowed gets another status.
 */
public final class Es2Api {
    /** What a partner has to be allowed. */
    public static final String OPERATION = "es2:order";

    private static final Logger log = LoggerFactory.getLogger(Es2Api.class);
    private static final String BASE = "/gsma/rsp2/es2plus/";
    private static final int MAX_BODY_BYTES = 16 * 1024;

    private final SecurityCheck partners;
    private final Map<String, Es2Operation> operations;

    /**
     * @param partners finds the partner behind a certificate
     * @param smdpAddress told to operators for their activation codes
     */
    public Es2Api(SecurityCheck partners, OperatorOrders orders, String smdpAddress) {
        this.partners = requireNonNull(partners, "partners is null");
        Es2Functions functions = new Es2Functions(requireNonNull(orders, "orders is null"), smdpAddress);
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
                .onFailure(context::fail);
    }

    private static void handle(RoutingContext context, String name, Es2Operation operation) {
        String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (type != null && !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            context.fail(415);
            return;
        }
        Partner partner = Partner.of(context);
        if (partner.tenantId() == 0) {
            answer(context, Outcome.failed(GsmaStatus.REQUESTER_NOT_ALLOWED));
            return;
        }
        try {
            operation
                    .handle(
                            new OperatorOrders.Caller(partner.tenantId(), partner.id()),
                            Es2Body.read(context.body().buffer()))
                    .onSuccess(outcome -> answer(context, outcome))
                    .onFailure(failure -> {
                        log.warn("{} could not be carried out", name, failure);
                        answer(context, Outcome.failed(GsmaStatus.EXECUTION_ERROR));
                    });
        } catch (Es2Body.Refused e) {
            answer(context, Outcome.failed(e.status()));
        }
    }

    private static void answer(RoutingContext context, Outcome<JsonObject> outcome) {
        JsonObject status = new JsonObject();
        JsonObject answer = new JsonObject().put("header", new JsonObject().put("functionExecutionStatus", status));
        if (outcome instanceof Outcome.Done<JsonObject> done) {
            status.put("status", "Executed-Success");
            answer.mergeIn(done.value());
        } else {
            GsmaStatus refusal = ((Outcome.Failed<JsonObject>) outcome).status();
            status.put("status", "Failed")
                    .put(
                            "statusCodeData",
                            new JsonObject()
                                    .put("subjectCode", refusal.subjectCode())
                                    .put("reasonCode", refusal.reasonCode())
                                    .put("message", refusal.message()));
        }
        context.response()
                .putHeader("X-Admin-Protocol", "gsma/rsp/v2.5.0")
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json;charset=UTF-8")
                .end(answer.toBuffer());
    }
}
