package dev.octroi.web.selfcare;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Principal;
import dev.octroi.access.SelfCareLinks;
import dev.octroi.catalog.PlanStore;
import dev.octroi.db.Database;
import dev.octroi.http.Languages;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemHandler;
import dev.octroi.http.ProblemType;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleSet;
import dev.octroi.quota.AccountCommand;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.AccountView;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.Actor;
import dev.octroi.quota.Background;
import dev.octroi.quota.Outcome;
import dev.octroi.subscription.ProfileSource;
import dev.octroi.subscription.SubscriptionStore;
import dev.octroi.support.Cases;
import dev.octroi.web.PageHeaders;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * The traveller's page under {@code /s/{token}} and the same acts as JSON: {@code state.json}, {@code limits.json},
 * {@code background.json},
 * {@code pause.json}, {@code resume.json}; {@code explain.json?at=} says what held at a moment. Everything works while the subscription is slowed or suspended.
 */
public final class SelfCarePages {
    private static final int MAX_BODY_BYTES = 4_096;
    private static final PageHeaders HEADERS = new PageHeaders(SelfCarePage.STYLE);

    private final SelfCareLinks links;
    private final SelfCareReader reader;
    private final Accounts accounts;
    private final FormGuard guard;

    /** What the pages work with; {@code formKey} is an HMAC-SHA-256 key for the tokens in forms. */
    public record Parts(
            Database database,
            SelfCareLinks links,
            SubscriptionStore subscriptions,
            ProfileSource profiles,
            PlanStore plans,
            Accounts accounts,
            AccountReader accountReader,
            Cases cases,
            SecretKey formKey) {}

    public SelfCarePages(Parts parts) {
        this.links = requireNonNull(parts.links(), "links is null");
        this.accounts = requireNonNull(parts.accounts(), "accounts is null");
        this.guard = new FormGuard(parts.formKey());
        this.reader = new SelfCareReader(
                parts.database(),
                parts.subscriptions(),
                parts.profiles(),
                parts.plans(),
                parts.accountReader(),
                parts.cases());
    }

    /** Puts the routes on the public router. */
    public void mount(Router router) {
        BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);
        router.get("/s/:token").handler(ctx -> page(ctx, ""));
        router.get("/s/:token/state.json").handler(ctx -> json(ctx, this::state));
        new TravellerRules(links, reader, accounts).mount(router);
        router.get("/s/:token/explain.json").handler(this::explain);
        router.put("/s/:token/limits.json").handler(body).handler(ctx -> json(ctx, this::putLimits));
        router.put("/s/:token/background.json").handler(body).handler(ctx -> json(ctx, this::putBackground));
        router.post("/s/:token/background").handler(body).handler(ctx -> form(ctx, this::backgroundForm));
        router.post("/s/:token/pause.json").handler(body).handler(ctx -> json(ctx, this::pause));
        router.post("/s/:token/resume.json").handler(body).handler(ctx -> json(ctx, this::resume));
        router.post("/s/:token/limits").handler(body).handler(ctx -> form(ctx, this::limitsForm));
        router.post("/s/:token/pause")
                .handler(body)
                .handler(ctx -> form(ctx, (who, form) -> pause(ctx, who).map("saved")));
        router.post("/s/:token/resume")
                .handler(body)
                .handler(ctx -> form(ctx, (who, form) -> resume(ctx, who).map("saved")));
        router.post("/s/:token/overage").handler(body).handler(ctx -> form(ctx, this::overageForm));
        router.post("/s/:token/alarm").handler(body).handler(ctx -> form(ctx, this::alarmForm));
    }

    private void page(RoutingContext ctx, String notice) {
        String token = ctx.pathParam("token");
        String shown = notice.isEmpty() && "1".equals(ctx.request().getParam("saved")) ? "saved" : notice;
        links.find(token)
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(gone(ctx))
                        : reader.language(found.get()).compose(language -> {
                            Locale locale = locale(ctx, language);
                            return reader.view(found.get(), locale)
                                    .map(view -> new SelfCarePage(
                                                    view,
                                                    new Texts(
                                                            locale,
                                                            view.account().timeZone()),
                                                    "/s/" + token,
                                                    guard.token(token))
                                            .render(shown));
                        }))
                .onSuccess(html -> headers(ctx).end(html))
                .onFailure(ctx::fail);
    }

    private static HttpServerResponse headers(RoutingContext ctx) {
        return HEADERS.applyTo(ctx.response());
    }

    private static String gone(RoutingContext ctx) {
        ctx.response().setStatusCode(404);
        return SelfCarePage.gone(new Texts(locale(ctx, "en"), ZoneId.of("UTC")));
    }

    private static Locale locale(RoutingContext ctx, String fallback) {
        String chosen = ctx.request().getParam("lang");
        if (chosen == null && ctx.body() != null && ctx.body().available()) {
            chosen = ctx.request().getFormAttribute("lang");
        }
        return Languages.choose(chosen, ctx.request().getHeader("Accept-Language"), fallback);
    }

    /** Answers a call as JSON, or a problem. */
    private void json(RoutingContext ctx, BiFunction<RoutingContext, Principal, Future<AccountView>> act) {
        links.find(ctx.pathParam("token"))
                .compose(found -> act.apply(
                        ctx,
                        found.orElseThrow(
                                () -> Problem.of(ProblemType.NOT_FOUND).toException())))
                .onSuccess(account -> ctx.response()
                        .putHeader("Content-Type", "application/json")
                        .putHeader("Cache-Control", "no-store")
                        .end(StateJson.write(account, new Texts(locale(ctx, "en"), account.timeZone()))
                                .toBuffer()))
                .onFailure(failure -> refuse(ctx, failure));
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
                        .end(StateJson.write(explanation, locale(ctx, "en")).toBuffer()))
                .onFailure(failure -> refuse(ctx, failure));
    }

    private static Instant moment(@Nullable String at, Instant now) {
        try {
            Instant moment = at == null ? now : OffsetDateTime.parse(at).toInstant();
            if (!moment.isAfter(now)) {
                return moment;
            }
        } catch (DateTimeParseException e) {
            // Falls through: it is refused as one that lies ahead is.
        }
        throw Problem.of(ProblemType.UNPROCESSABLE, "\"at\" is not a moment that has passed")
                .withCode("invalid_moment")
                .toException();
    }

    private static void refuse(RoutingContext ctx, Throwable failure) {
        if (failure instanceof ProblemException problem) {
            ProblemHandler.send(ctx, problem);
        } else {
            ctx.fail(failure);
        }
    }

    private Future<AccountView> state(RoutingContext ctx, Principal traveller) {
        return reader.account(traveller);
    }

    private Future<AccountView> putLimits(RoutingContext ctx, Principal traveller) {
        JsonObject body;
        try {
            body = ctx.body().asJsonObject();
        } catch (DecodeException | ClassCastException e) {
            body = null;
        }
        Optional<LimitRequest> limit = body == null ? Optional.empty() : LimitRequest.ofJson(body);
        return limit.map(request -> put(traveller, request))
                .orElseGet(() -> Future.failedFuture(Problem.of(
                                ProblemType.INVALID_REQUEST,
                                "Wanted: dailyBytes (0 to 1 TB), action (notify, slow or pause), kbps (from 64)")
                        .toException()));
    }

    private Future<AccountView> put(Principal traveller, LimitRequest limit) {
        // The daily limit is one rule among the traveller's own; the others stay.
        return reader.account(traveller).compose(account -> {
            RuleSet own = account.rulesOf(Rule.Owner.USER);
            List<Rule> rules = Stream.concat(
                            own.rules().stream().filter(rule -> !rule.id().equals(LimitRequest.RULE_ID)),
                            limit.toRules().stream())
                    .toList();
            return submit(traveller, actor -> new AccountCommand.PutRules(Rule.Owner.USER, rules, null, actor));
        });
    }

    private Future<AccountView> putBackground(RoutingContext ctx, Principal traveller) {
        return BackgroundRequest.ofJson(ctx.body().buffer())
                .map(background -> putBackground(traveller, background))
                .orElseGet(() -> Future.failedFuture(Problem.of(
                                ProblemType.INVALID_REQUEST,
                                "Wanted: mode (on, off, night or low), for low belowBytes (1 to 1 TB)")
                        .toException()));
    }

    private Future<AccountView> putBackground(Principal traveller, Background background) {
        return submit(traveller, actor -> new AccountCommand.SetBackground(background, actor));
    }

    private Future<String> backgroundForm(Principal traveller, Map<String, String> form) {
        return BackgroundRequest.ofForm(form)
                .map(background -> putBackground(traveller, background).map("saved"))
                .orElseGet(() -> Future.succeededFuture("background.invalid"));
    }

    private Future<AccountView> pause(RoutingContext ctx, Principal traveller) {
        return submit(traveller, AccountCommand.Pause::new);
    }

    private Future<AccountView> resume(RoutingContext ctx, Principal traveller) {
        return submit(traveller, AccountCommand.Resume::new);
    }

    private Future<AccountView> submit(Principal traveller, Function<Actor, AccountCommand> command) {
        Actor actor = new Actor(Actor.Kind.TRAVELLER, "self-care", traveller.tokenId());
        return reader.account(traveller)
                .compose(account ->
                        accounts.submit(account.key(), command.apply(actor)).map(outcome -> after(outcome, account)));
    }

    /** A refusal means here that there was nothing to do: pausing twice, resuming what runs. */
    private static AccountView after(Outcome outcome, AccountView before) {
        return switch (outcome) {
            case Outcome.Accepted accepted -> accepted.account();
            case Outcome.Duplicate same -> same.account();
            case Outcome.Refused refused -> before;
        };
    }

    /** Takes a form: checks where it came from, acts, and shows the page again at an address of its own. */
    private void form(RoutingContext ctx, BiFunction<Principal, Map<String, String>, Future<String>> act) {
        String token = ctx.pathParam("token");
        Map<String, String> form = new HashMap<>();
        ctx.request().formAttributes().forEach(entry -> form.putIfAbsent(entry.getKey(), entry.getValue()));
        if (!guard.accepts(token, form.getOrDefault("csrf", ""))) {
            ProblemHandler.send(
                    ctx, Problem.of(ProblemType.FORBIDDEN).withCode("csrf").toException());
            return;
        }
        links.find(token)
                .compose(found -> found.isEmpty() ? Future.succeededFuture("") : act.apply(found.get(), form))
                .onSuccess(notice -> {
                    if (notice.endsWith("invalid")) {
                        ctx.response().setStatusCode(422);
                        page(ctx, notice);
                        return;
                    }
                    String language = locale(ctx, "en").getLanguage();
                    ctx.response()
                            .setStatusCode(303)
                            .putHeader("Location", "/s/" + token + "?saved=1&lang=" + language)
                            .putHeader("Cache-Control", "no-store")
                            .end();
                })
                .onFailure(ctx::fail);
    }

    private Future<String> limitsForm(Principal traveller, Map<String, String> form) {
        return LimitRequest.ofForm(form)
                .map(limit -> put(traveller, limit).map("saved"))
                .orElseGet(() -> Future.succeededFuture("invalid"));
    }

    private Future<String> alarmForm(Principal traveller, Map<String, String> form) {
        boolean meant = "true".equals(form.get("meant"));
        return submit(traveller, actor -> new AccountCommand.AlarmFeedback(meant, actor))
                .map("alarm.thanks");
    }

    /** The words agreed to are those of the label as sold, which the page shows. */
    private Future<String> overageForm(Principal traveller, Map<String, String> form) {
        boolean agreed = "true".equals(form.get("agreed"));
        return submit(
                        traveller,
                        actor -> agreed
                                ? new AccountCommand.AgreeOverage(0, SelfCarePage.OVERAGE_TEXT, actor)
                                : new AccountCommand.DeclineOverage(actor))
                .map("saved");
    }
}
