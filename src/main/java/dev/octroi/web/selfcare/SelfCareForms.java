package dev.octroi.web.selfcare;

import dev.octroi.access.Principal;
import dev.octroi.access.SelfCareLinks;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** The page's forms. Each answers with a redirect to the page, or with the page that says why not. */
final class SelfCareForms {
    private static final Pattern INCIDENT = Pattern.compile("[1-9][0-9]{0,8}");

    private final SelfCareLinks links;
    private final FormGuard guard;
    private final SelfCareActs acts;
    private final RuleForms rules;
    private final OverageForms overage;
    private final MemberForms members;
    private final NoticeForms notices;
    private final BiConsumer<RoutingContext, FormAnswer> page;

    /** @param page shows the page with what became of a form */
    SelfCareForms(
            SelfCareLinks links,
            FormGuard guard,
            SelfCareActs acts,
            MemberForms members,
            NoticeForms notices,
            BiConsumer<RoutingContext, FormAnswer> page) {
        this.links = links;
        this.guard = guard;
        this.acts = acts;
        this.rules = new RuleForms(acts);
        this.overage = new OverageForms(acts);
        this.members = members;
        this.notices = notices;
        this.page = page;
    }

    void mount(Router router, BodyHandler body) {
        post(router, body, "pause", (who, form) -> acts.pause(who).map(new FormAnswer.Done()));
        post(router, body, "resume", (who, form) -> acts.resume(who).map(new FormAnswer.Done()));
        post(router, body, "limits", this::limits);
        post(router, body, "background", this::background);
        post(router, body, "overage", overage::answer);
        post(router, body, "alarm", this::alarm);
        post(router, body, "rules", rules::add);
        post(router, body, "rules/remove", rules::remove);
        post(router, body, "notices", notices::address);
        post(router, body, "notices/again", notices::again);
        post(router, body, "notices/choose", notices::choose);
        post(router, body, "notices/test", notices::test);
        post(router, body, "notices/remove", notices::remove);
        router.post("/s/:token/member-cap")
                .handler(body)
                .handler(ctx -> form(ctx, "member-cap", (who, form) -> members.cap(ctx.pathParam("token"), who, form)));
    }

    private void post(
            Router router,
            BodyHandler body,
            String action,
            BiFunction<Principal, Map<String, String>, Future<FormAnswer>> act) {
        router.post("/s/:token/" + action).handler(body).handler(ctx -> form(ctx, action, act));
    }

    /** Takes a form: checks where it came from, acts, and shows the page again at an address of its own. */
    private void form(
            RoutingContext ctx, String action, BiFunction<Principal, Map<String, String>, Future<FormAnswer>> act) {
        String token = ctx.pathParam("token");
        Map<String, String> form = new HashMap<>();
        ctx.request().formAttributes().forEach(entry -> form.putIfAbsent(entry.getKey(), entry.getValue()));
        form.put(FormAnswer.FORM, action);
        if (!guard.accepts(token, form.getOrDefault("csrf", ""))) {
            ctx.fail(Problem.of(ProblemType.FORBIDDEN).withCode("csrf").toException());
            return;
        }
        links.find(token)
                .compose(found ->
                        found.isEmpty() ? Future.succeededFuture(new FormAnswer.None()) : act.apply(found.get(), form))
                .recover(failure -> FormAnswer.ofFailure(failure, form))
                .onSuccess(answer -> {
                    if (answer instanceof FormAnswer.Refused refused) {
                        ctx.response().setStatusCode(refused.status());
                    }
                    if (answer instanceof FormAnswer.Refused || answer instanceof FormAnswer.Asked) {
                        page.accept(ctx, answer);
                        return;
                    }
                    ctx.response()
                            .setStatusCode(303)
                            .putHeader(
                                    "Location",
                                    "/s/" + token + "?saved=" + guard.taken(token) + "&lang="
                                            + SelfCarePages.locale(ctx, "en").getLanguage())
                            .putHeader("Cache-Control", "no-store")
                            .end();
                })
                .onFailure(ctx::fail);
    }

    private Future<FormAnswer> limits(Principal traveller, Map<String, String> form) {
        return LimitRequest.ofForm(form)
                .map(limit -> acts.limit(traveller, limit).<FormAnswer>map(new FormAnswer.Done()))
                .orElseGet(() -> FormAnswer.refused("invalid", form));
    }

    /** The answer is to the alarm that the page showed, whichever has come since. */
    private Future<FormAnswer> alarm(Principal traveller, Map<String, String> form) {
        String incident = form.getOrDefault("incident", "");
        if (!INCIDENT.matcher(incident).matches()) {
            return FormAnswer.refused("refused", form);
        }
        int number = Integer.parseInt(incident);
        String answer = form.getOrDefault("meant", "");
        return (answer.equals("removed")
                        ? acts.removed(traveller, number)
                        : acts.alarm(traveller, number, answer.equals("true")))
                .map(new FormAnswer.Done());
    }

    private Future<FormAnswer> background(Principal traveller, Map<String, String> form) {
        return BackgroundRequest.ofForm(form)
                .map(background -> acts.background(traveller, background).<FormAnswer>map(new FormAnswer.Done()))
                .orElseGet(() -> FormAnswer.refused("background.invalid", form));
    }
}
