package dev.octroi.web.selfcare;

import dev.octroi.access.Principal;
import dev.octroi.access.SelfCareLinks;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.quota.account.AccountView;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The page's acts as JSON, and why it was slow at a moment. */
final class SelfCareCalls {
    private final SelfCareLinks links;
    private final SelfCareReader reader;
    private final SelfCareActs acts;

    SelfCareCalls(SelfCareLinks links, SelfCareReader reader, SelfCareActs acts) {
        this.links = links;
        this.reader = reader;
        this.acts = acts;
    }

    void mount(Router router, BodyHandler body) {
        router.get("/s/:token/state.json").handler(ctx -> json(ctx, acts::account));
        router.get("/s/:token/explain.json").handler(this::explain);
        router.put("/s/:token/limits.json").handler(body).handler(ctx -> json(ctx, who -> limits(ctx, who)));
        router.put("/s/:token/background.json").handler(body).handler(ctx -> json(ctx, who -> background(ctx, who)));
        router.post("/s/:token/pause.json").handler(body).handler(ctx -> json(ctx, acts::pause));
        router.post("/s/:token/resume.json").handler(body).handler(ctx -> json(ctx, acts::resume));
    }

    /** Answers a call as JSON, or a problem. */
    private void json(RoutingContext ctx, Function<Principal, Future<AccountView>> act) {
        links.find(ctx.pathParam("token"))
                .compose(found -> act.apply(found.orElseThrow(
                        () -> Problem.of(ProblemType.NOT_FOUND).toException())))
                .onSuccess(account -> ctx.response()
                        .putHeader("Content-Type", "application/json")
                        .putHeader("Cache-Control", "no-store")
                        .end(StateJson.write(account, new Texts(SelfCarePages.locale(ctx, "en"), account.timeZone()))
                                .toBuffer()))
                .onFailure(ctx::fail);
    }

    /** "Why was it slow at this moment?"; a moment that is none, or lies ahead, is refused. */
    private void explain(RoutingContext ctx) {
        links.find(ctx.pathParam("token"))
                .compose(found -> reader.explain(
                        found.orElseThrow(
                                () -> Problem.of(ProblemType.NOT_FOUND).toException()),
                        now -> moment(ctx.request().getParam("at"), now)))
                .onSuccess(explanation -> ctx.response()
                        .putHeader("Content-Type", "application/json")
                        .putHeader("Cache-Control", "no-store")
                        .end(StateJson.write(explanation, SelfCarePages.locale(ctx, "en"))
                                .toBuffer()))
                .onFailure(ctx::fail);
    }

    private static Instant moment(@Nullable String at, Instant now) {
        try {
            Instant moment = at == null ? now : OffsetDateTime.parse(at).toInstant();
            if (!moment.isAfter(now) && !moment.isBefore(Instant.EPOCH)) {
                return moment;
            }
        } catch (DateTimeParseException e) {
            // Falls through: it is refused as one that lies ahead is.
        }
        throw Problem.of(ProblemType.UNPROCESSABLE, "\"at\" is not a moment that has passed")
                .withCode("invalid_moment")
                .toException();
    }

    private Future<AccountView> limits(RoutingContext ctx, Principal traveller) {
        JsonObject body;
        try {
            body = ctx.body().asJsonObject();
        } catch (DecodeException | ClassCastException e) {
            body = null;
        }
        Optional<LimitRequest> limit = body == null ? Optional.empty() : LimitRequest.ofJson(body);
        return limit.map(request -> acts.limit(traveller, request))
                .orElseGet(() -> Future.failedFuture(Problem.of(
                                ProblemType.INVALID_REQUEST,
                                "Wanted: dailyBytes (0 to 1 TB), action (notify, slow or pause), kbps (from 64)")
                        .toException()));
    }

    private Future<AccountView> background(RoutingContext ctx, Principal traveller) {
        return BackgroundRequest.ofJson(ctx.body().buffer())
                .map(background -> acts.background(traveller, background))
                .orElseGet(() -> Future.failedFuture(Problem.of(
                                ProblemType.INVALID_REQUEST,
                                "Wanted: mode (on, off, night or low), for low belowBytes (1 to 1 TB); categories")
                        .toException()));
    }
}
