package dev.octroi.api.device;

import static java.util.Objects.requireNonNull;

import dev.octroi.http.BodyBudget;
import dev.octroi.http.BodyRoom;
import dev.octroi.rsp.order.Downloads;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of ES9+. A refusal is an answer with HTTP status 200 and its reason in the body, as the standard has it;
 * only what is no request of ES9+ at all gets another status.
 */
public final class DeviceApi {
    /** Largest request: certificates and signatures of one card take about 3 kB. */
    public static final int MAX_BODY_BYTES = 16 * 1024;

    private static final Logger log = LoggerFactory.getLogger(DeviceApi.class);
    private static final String BASE = "/gsma/rsp2/es9plus/";
    private static final CharSequence PROTOCOL_HEADER = HttpHeaders.createOptimized("X-Admin-Protocol");
    private static final CharSequence PROTOCOL = HttpHeaders.createOptimized("gsma/rsp/v2.5.0");
    private static final int RETRY_SECONDS = 5;

    private final BodyBudget bodies;
    private final List<Es9Operation> operations;
    private final Es9Binding json = new JsonBinding();
    private final Es9Binding asn1 = new Asn1Binding();

    /**
     * Routes to the functions.
     *
     * @param bodies what all requests in hand may hold: nobody has said who they are before the body is read
     */
    public DeviceApi(Downloads downloads, BodyBudget bodies) {
        this.bodies = requireNonNull(bodies, "bodies is null");
        requireNonNull(downloads, "downloads is null");
        this.operations = List.of(
                new InitiateAuthenticationHandler(downloads),
                new AuthenticateClientHandler(downloads),
                new GetBoundProfilePackageHandler(downloads),
                new CancelSessionHandler(downloads),
                new HandleNotificationHandler(downloads));
    }

    /** Puts the routes on the router of the device listener. */
    public void mount(Router router) {
        BodyRoom room = new BodyRoom(bodies, MAX_BODY_BYTES);
        BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);
        for (Es9Operation operation : operations) {
            router.post(BASE + operation.function().path())
                    .handler(room)
                    .handler(body)
                    .handler(context -> handle(context, operation));
        }
    }

    private void handle(RoutingContext context, Es9Operation operation) {
        String header = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        String type = header == null ? JsonBinding.MEDIA_TYPE : essence(header);
        boolean isAsn1 = type.equals(Asn1Binding.MEDIA_TYPE);
        if (!isAsn1 && !type.equals(JsonBinding.MEDIA_TYPE)) {
            context.fail(415);
            return;
        }
        Es9Binding binding = isAsn1 ? asn1 : json;
        Buffer body = context.body().buffer();
        try {
            Es9Input input = binding.read(body == null ? Buffer.buffer() : body, operation.function());
            operation
                    .handle(input)
                    .onSuccess(outcome -> answer(context, binding, operation.function(), outcome))
                    .onFailure(failure -> fail(context, binding, operation.function(), failure));
        } catch (Es9InputException e) {
            refuse(context, binding, operation.function(), e.status());
        }
    }

    /** A media type without its parameters. */
    private static String essence(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static void answer(
            RoutingContext context, Es9Binding binding, Es9Function function, Outcome<Es9Answer> outcome) {
        if (outcome instanceof Outcome.Done<Es9Answer> done) {
            if (function == Es9Function.HANDLE_NOTIFICATION) {
                head(context).setStatusCode(204).end();
                return;
            }
            send(context, binding, binding.answer(function, done.value()));
            return;
        }
        refuse(context, binding, function, ((Outcome.Failed<Es9Answer>) outcome).status());
    }

    /**
     * The database could not be reached, or the like. A device drops a notification at any status of success, so that
     * function alone answers with 503: the device will send it again.
     */
    private static void fail(RoutingContext context, Es9Binding binding, Es9Function function, Throwable failure) {
        log.warn(
                "{} could not be carried out: {}",
                function.path(),
                failure.getClass().getSimpleName(),
                failure);
        if (function == Es9Function.HANDLE_NOTIFICATION) {
            head(context)
                    .setStatusCode(503)
                    .putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_SECONDS))
                    .end();
            return;
        }
        refuse(context, binding, function, GsmaStatus.EXECUTION_ERROR);
    }

    private static void refuse(RoutingContext context, Es9Binding binding, Es9Function function, GsmaStatus status) {
        send(context, binding, binding.refusal(function, status));
    }

    private static void send(RoutingContext context, Es9Binding binding, Buffer body) {
        head(context)
                .setStatusCode(200)
                .putHeader(HttpHeaders.CONTENT_TYPE, binding.contentType())
                .end(body);
    }

    private static HttpServerResponse head(RoutingContext context) {
        return context.response().putHeader(PROTOCOL_HEADER, PROTOCOL);
    }
}
