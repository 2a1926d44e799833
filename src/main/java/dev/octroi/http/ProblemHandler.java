package dev.octroi.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every failed request with a problem; nothing of ours, least of all a stack trace, gets out. */
public final class ProblemHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);

    private static final int[] STATUSES = {
        400, 401, 403, 404, 405, 406, 408, 409, 410, 412, 413, 414, 415, 422, 428, 429, 431, 500, 501, 503
    };

    private ProblemHandler() {}

    /** Registers the handler for all statuses on a root router, and the pages that explain the kinds. */
    public static void install(Router router) {
        for (int status : STATUSES) {
            router.errorHandler(status, ProblemHandler::handle);
        }
        router.route().failureHandler(ProblemHandler::dropWhenClosed);
        router.get("/problems/:slug").handler(ProblemPages::handle);
    }

    /** A caller that has gone needs no answer, and the router no ERROR line about it. */
    private static void dropWhenClosed(RoutingContext ctx) {
        if (!ctx.response().closed()) {
            ctx.next();
        }
    }

    private static void handle(RoutingContext ctx) {
        send(ctx, of(ctx));
    }

    /** What a failed request is answered with; what was a fault of ours is logged. */
    public static ProblemException of(RoutingContext ctx) {
        Throwable failure = ctx.failure();
        ProblemException problem = Failures.of(failure, ctx.statusCode());
        if (problem.problem().status() >= 500 && failure != null && !(failure instanceof ProblemException)) {
            if (problem.problem().type() == ProblemType.INTERNAL) {
                LOG.error("request failed", failure);
            } else {
                LOG.warn("request refused for now: {}", failure.getClass().getSimpleName());
            }
        }
        return problem;
    }

    /** Sends a problem as the answer to a request; a response that has begun is cut off instead. */
    public static void send(RoutingContext ctx, ProblemException problem) {
        send(
                ctx,
                problem,
                (response, body) -> response.putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                        .end(body.toJson().toBuffer()));
    }

    /**
     * As {@link #send(RoutingContext, ProblemException)}, told in another form than the problem's own.
     *
     * @param form writes fields and body; status and the problem's own fields are there
     */
    public static void send(
            RoutingContext ctx, ProblemException problem, BiConsumer<HttpServerResponse, Problem> form) {
        HttpServerResponse response = ctx.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            response.reset();
            return;
        }
        Problem body = problem.problem().withTraceId(RequestId.of(ctx));
        response.setStatusCode(body.status());
        problem.headers().forEach(response::putHeader);
        if (!ctx.request().isEnded() && ctx.request().version() != HttpVersion.HTTP_2) {
            // What is left of a refused body is not read; the connection cannot be used again (RFC 9112 §9.3). HTTP/2
            // knows streams instead, and a client resets one that carries this field (RFC 9113 §8.2.2).
            response.putHeader(HttpHeaders.CONNECTION, "close");
        }
        form.accept(response, body);
    }
}
