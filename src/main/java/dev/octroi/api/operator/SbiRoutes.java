package dev.octroi.api.operator;

import dev.octroi.charging.NfProblem;
import dev.octroi.http.SecurityCheck;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Routes of the service-based interfaces (3GPP TS 29.500): who calls, bodies, and refusals as ProblemDetails. */
final class SbiRoutes {
    private final Router router;
    private final SecurityCheck partners;
    private final String operation;
    private final int maxBodyBytes;

    SbiRoutes(Router router, SecurityCheck partners, String operation, int maxBodyBytes) {
        this.router = router;
        this.partners = partners;
        this.operation = operation;
        this.maxBodyBytes = maxBodyBytes;
    }

    void add(HttpMethod method, String path, Handler<RoutingContext> handler) {
        // A route of its own, so that nothing of a stranger's body is read.
        router.route(method, path).handler(context -> {
            context.request().pause();
            partners.check(context, List.of(operation))
                    .onSuccess(allowed -> {
                        context.request().resume();
                        context.next();
                    })
                    .onFailure(context::fail);
        });
        router.route(method, path)
                .handler(BodyHandler.create(false).setBodyLimit(maxBodyBytes))
                .handler(handler);
    }

    /** Answers, or refuses with ProblemDetails; anything unforeseen goes to the front. */
    static void serve(RoutingContext context, Supplier<Future<Void>> work, Consumer<String> counter) {
        Future<Void> served;
        try {
            served = work.get();
        } catch (NfProblem.RefusedException e) {
            served = Future.failedFuture(e);
        }
        served.onSuccess(done -> counter.accept("ok")).onFailure(failure -> {
            if (failure instanceof NfProblem.RefusedException refused) {
                counter.accept(refused.problem().result());
                refuse(context, refused.problem());
            } else {
                counter.accept("failed");
                context.fail(failure);
            }
        });
    }

    /** The body of a request that says it is JSON. */
    static byte[] json(RoutingContext context) {
        if (!Es2Api.isJson(context)) {
            throw new NfProblem(415, "UNSUPPORTED_MEDIA_TYPE", "The body has to be JSON.", Optional.empty()).refuse();
        }
        return context.body().buffer() == null
                ? new byte[0]
                : context.body().buffer().getBytes();
    }

    /** The apiRoot that the caller used. */
    static String root(RoutingContext context) {
        return "https://" + context.request().authority();
    }

    private static void refuse(RoutingContext context, NfProblem problem) {
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        if (problem.status() == 503) {
            context.response().putHeader("Retry-After", "1");
        }
        context.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, NfProblem.MEDIA_TYPE)
                .end(problem.toJson().toBuffer());
    }
}
