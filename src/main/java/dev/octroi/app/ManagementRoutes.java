package dev.octroi.app;

import dev.octroi.db.ClockWatch;
import dev.octroi.db.Database;
import dev.octroi.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Health, readiness and metrics, on the management listener only. */
final class ManagementRoutes {
    private static final int DATABASE_TIMEOUT_MS = 1_000;

    private final Readiness readiness;
    private final Database database;
    private final ClockWatch clockWatch;
    private final Metrics metrics;
    private final Supplier<List<String>> certificateWarnings;

    ManagementRoutes(
            Readiness readiness,
            Database database,
            ClockWatch clockWatch,
            Metrics metrics,
            Supplier<List<String>> certificateWarnings) {
        this.certificateWarnings = certificateWarnings;
        this.readiness = readiness;
        this.database = database;
        this.clockWatch = clockWatch;
        this.metrics = metrics;
    }

    Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.get("/health/live").handler(ctx -> answer(ctx, 200, "up", "process"));
        router.get("/health/ready").handler(this::ready);
        router.get("/metrics")
                .handler(ctx -> vertx.executeBlocking(metrics::scrape, false)
                        .onSuccess(text -> ctx.response()
                                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                                .end(text))
                        .onFailure(ctx::fail));
        return router;
    }

    private void ready(RoutingContext ctx) {
        if (!readiness.isOpen()) {
            answer(ctx, 503, "down", "gateway");
            return;
        }
        if (!clockWatch.holds()) {
            answer(ctx, 503, "down", "clock");
            return;
        }
        Future<Void> answered = database.ping().timeout(DATABASE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        answered.onComplete(pong -> up(ctx), failure -> answer(ctx, 503, "down", "database"));
    }

    /** Ready, with what somebody should look at soon. */
    private void up(RoutingContext ctx) {
        JsonObject body = new JsonObject().put("status", "up").put("checked", "database");
        List<String> warnings = certificateWarnings.get();
        if (!warnings.isEmpty()) {
            body.put("warnings", new JsonArray(warnings));
        }
        ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(body.toBuffer());
    }

    private static void answer(RoutingContext ctx, int status, String state, String part) {
        ctx.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(new JsonObject().put("status", state).put("checked", part).toBuffer());
    }
}
