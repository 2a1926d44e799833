package dev.octroi.api.operator;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.network.QosEvents;
import dev.octroi.http.BodyBudget;
import dev.octroi.http.BodyRoom;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The sink for events of CAMARA QoS Provisioning, on the public listener: their senders have no certificate of ours, they show
 * the token that the assignment was requested with. Refusals are the ErrorInfo of CAMARA.
 */
public final class QosEventApi {
    /** Where events are posted. */
    public static final String PATH = "/camara/v1/qos-events";

    private static final int MAX_BODY_BYTES = 16 * 1024;
    private static final Set<String> MEDIA_TYPES = Set.of("application/cloudevents+json", "application/json");
    private static final String CORRELATOR = "x-correlator";
    private static final Pattern CORRELATOR_FORM = Pattern.compile("[a-zA-Z0-9\\-_:;./<>{}]{1,256}");

    private final QosEvents events;
    private final BodyBudget bodies;

    /** @param bodies what all requests of the listener in hand may hold */
    public QosEventApi(QosEvents events, BodyBudget bodies) {
        this.events = requireNonNull(events, "events is null");
        this.bodies = requireNonNull(bodies, "bodies is null");
    }

    /** Puts the route on the router of the public listener. */
    public void mount(Router router) {
        // A route of its own, so that nothing of a stranger's body is read.
        router.post(PATH).handler(this::authorise);
        router.post(PATH)
                .handler(new BodyRoom(bodies, MAX_BODY_BYTES))
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::handle);
    }

    private void authorise(RoutingContext context) {
        if (events.knows(context.request().getHeader(HttpHeaders.AUTHORIZATION))) {
            context.next();
            return;
        }
        if (context.request().version() != HttpVersion.HTTP_2) {
            context.response().putHeader(HttpHeaders.CONNECTION, "close");
        }
        unauthorized(context);
    }

    private void handle(RoutingContext context) {
        String type = String.valueOf(context.request().getHeader(HttpHeaders.CONTENT_TYPE));
        int parameters = type.indexOf(';');
        if (!MEDIA_TYPES.contains((parameters < 0 ? type : type.substring(0, parameters)).strip())) {
            refuse(context, 415, "UNSUPPORTED_MEDIA_TYPE", "An event is application/cloudevents+json");
            return;
        }
        events.receive(
                        context.request().getHeader(HttpHeaders.AUTHORIZATION),
                        context.body().buffer())
                .onSuccess(reception -> answer(context, reception))
                .onFailure(context::fail);
    }

    private static void answer(RoutingContext context, QosEvents.Reception reception) {
        switch (reception) {
            case QosEvents.Reception.Taken taken -> {
                correlate(context);
                context.response().setStatusCode(204).end();
            }
            case QosEvents.Reception.Unauthorized unauthorized -> unauthorized(context);
            case QosEvents.Reception.Malformed malformed ->
                refuse(context, 400, "INVALID_ARGUMENT", malformed.reason());
        }
    }

    private static void unauthorized(RoutingContext context) {
        context.response().putHeader("WWW-Authenticate", "Bearer");
        refuse(context, 401, "UNAUTHENTICATED", "The access token is none of this sink, or has expired");
    }

    private static void refuse(RoutingContext context, int status, String code, String message) {
        correlate(context);
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(new JsonObject()
                        .put("status", status)
                        .put("code", code)
                        .put("message", message)
                        .toBuffer());
    }

    private static void correlate(RoutingContext context) {
        String correlator = context.request().getHeader(CORRELATOR);
        if (correlator != null && CORRELATOR_FORM.matcher(correlator).matches()) {
            context.response().putHeader(CORRELATOR, correlator);
        }
    }
}
