package dev.octroi.web.selfcare;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.SelfCareLinks;
import dev.octroi.catalog.PlanStore;
import dev.octroi.db.Database;
import dev.octroi.http.Languages;
import dev.octroi.notice.Channels;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.Accounts;
import dev.octroi.subscription.ProfileSource;
import dev.octroi.subscription.SubscriptionStore;
import dev.octroi.support.Cases;
import dev.octroi.web.PageHeaders;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Locale;
import javax.crypto.SecretKey;

/**
 * The traveller's page under {@code /s/{token}}, its forms, and the same acts as JSON: {@code state.json}, {@code limits.json},
 * {@code rules.json}, {@code background.json}, {@code pause.json}, {@code resume.json}; {@code explain.json?at=} says what held
 * at a moment. Everything works while the subscription is slowed or suspended.
 */
public final class SelfCarePages {
    private static final int MAX_BODY_BYTES = 4_096;
    static final PageHeaders HEADERS = new PageHeaders(PageStyle.CSS);

    private final SelfCareLinks links;
    private final SelfCareReader reader;
    private final Accounts accounts;
    private final FormGuard guard;
    private final NoticeForms notices;

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
            Channels channels,
            InstantSource clock,
            SecretKey formKey) {}

    public SelfCarePages(Parts parts) {
        this.links = requireNonNull(parts.links(), "links is null");
        this.accounts = requireNonNull(parts.accounts(), "accounts is null");
        this.guard = new FormGuard(parts.formKey(), parts.clock());
        this.notices = new NoticeForms(parts.database(), parts.channels(), parts.clock());
        this.reader = new SelfCareReader(
                parts.database(),
                parts.subscriptions(),
                parts.profiles(),
                parts.plans(),
                parts.accountReader(),
                parts.cases(),
                parts.channels());
    }

    /** Puts the routes on the public router. */
    public void mount(Router router) {
        BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);
        SelfCareActs acts = new SelfCareActs(reader, accounts);
        ErrorPage.mount(router);
        router.get("/s/:token").handler(ctx -> page(ctx, answer(ctx)));
        new SelfCareCalls(links, reader, acts).mount(router, body);
        new TravellerRules(links, acts).mount(router);
        new SelfCareForms(links, guard, acts, new MemberForms(reader, acts, guard), notices, this::page)
                .mount(router, body);
    }

    private FormAnswer answer(RoutingContext ctx) {
        boolean isSaved = guard.isTaken(ctx.pathParam("token"), ctx.request().getParam("saved"));
        return isSaved ? new FormAnswer.Done() : new FormAnswer.None();
    }

    private void page(RoutingContext ctx, FormAnswer answer) {
        String token = ctx.pathParam("token");
        links.find(token)
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(gone(ctx))
                        : reader.language(found.get()).compose(language -> {
                            Locale locale = locale(ctx, language);
                            return reader.view(found.get(), locale).map(view -> {
                                Texts texts = new Texts(locale, view.account().timeZone());
                                PageFrame frame = new PageFrame(texts, "/s/" + token, guard.token(token));
                                return new SelfCarePage(view, frame, id -> guard.member(token, id)).render(answer);
                            });
                        }))
                .onSuccess(html -> HEADERS.applyTo(ctx.response()).end(html))
                .onFailure(ctx::fail);
    }

    private static String gone(RoutingContext ctx) {
        ctx.response().setStatusCode(404);
        return SelfCarePage.gone(new Texts(locale(ctx, "en"), ZoneId.of("UTC")));
    }

    /** The language that was chosen on the page, else the browser's, else the fallback. */
    static Locale locale(RoutingContext ctx, String fallback) {
        String chosen = ctx.request().getParam("lang");
        if (chosen == null && ctx.body() != null && ctx.body().available()) {
            chosen = ctx.request().getFormAttribute("lang");
        }
        return Languages.choose(chosen, ctx.request().getHeader("Accept-Language"), fallback);
    }
}
