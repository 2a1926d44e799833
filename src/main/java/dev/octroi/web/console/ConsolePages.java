package dev.octroi.web.console;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Principal;
import dev.octroi.access.TokenVerifier;
import dev.octroi.db.Database;
import dev.octroi.db.PublicId;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.quota.AccountReader;
import dev.octroi.rollout.PolicyChanges;
import dev.octroi.subscription.TimelineStore;
import dev.octroi.support.Cases;
import dev.octroi.usage.Quarantine;
import dev.octroi.web.PageHeaders;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The console under {@code /console}. Someone shows an access token once and gets a cookie for as long as the token
 * lives; each page asks for the scope that the same data needs in the APIs.
 */
public final class ConsolePages {
    static final String SUBSCRIPTIONS = "/console/subscriptions";
    static final String ALARMS = "/console/alarms";
    static final String CALLBACKS = "/console/callbacks";
    static final String QUARANTINE = "/console/quarantine";
    static final String CHANGES = "/console/changes";

    private static final String LOGIN = "/console/login";
    /** The prefix makes browsers insist on Secure, on this host and on the whole path (RFC 6265bis §4.1.3). */
    private static final String COOKIE = "__Host-octroi-console";

    private static final int MAX_BODY_BYTES = 16 * 1024;
    private static final PageHeaders HEADERS = new PageHeaders(ConsoleFrame.STYLE);
    private static final PageHeaders DRAWING_HEADERS = new PageHeaders(ConsoleFrame.STYLE, "; script-src 'self'");

    private final TokenVerifier tokens;
    private final Sessions sessions;
    private final ConsoleReader reader;
    private final InstantSource clock;

    /** What the pages work with. */
    public record Parts(
            Database database,
            TokenVerifier tokens,
            AccountReader accounts,
            TimelineStore timeline,
            Cases cases,
            Quarantine quarantine,
            PolicyChanges changes,
            InstantSource clock,
            SecureRandom random) {}

    public ConsolePages(Parts parts) {
        this.tokens = requireNonNull(parts.tokens(), "tokens is null");
        this.clock = requireNonNull(parts.clock(), "clock is null");
        this.sessions = new Sessions(clock, parts.random());
        this.reader = new ConsoleReader(
                parts.database(),
                parts.accounts(),
                parts.timeline(),
                parts.cases(),
                parts.quarantine(),
                parts.changes(),
                parts.clock());
    }

    /** Puts the routes on the public router. */
    public void mount(Router router) {
        BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);
        ConsoleAssets.mount(router);
        router.get("/console").handler(ctx -> redirect(ctx, SUBSCRIPTIONS));
        router.get(LOGIN).handler(ctx -> show(ctx, 200, ConsoleFrame.login(false)));
        router.post(LOGIN).handler(body).handler(this::login);
        router.post("/console/logout").handler(body).handler(this::logout);
        router.get(SUBSCRIPTIONS)
                .handler(page(
                        "subscriptions:read",
                        (ctx, who) -> reader.subscriptions(who, before(ctx, PublicId.SUBSCRIPTION))));
        router.get(SUBSCRIPTIONS + "/:id")
                .handler(page("subscriptions:read", (ctx, who) -> reader.subscription(who, ctx.pathParam("id"))));
        router.get(ALARMS).handler(page("cases:read", (ctx, who) -> reader.alarms(who, before(ctx, PublicId.ALARM))));
        router.get(CALLBACKS).handler(page("policies:read", (ctx, who) -> reader.callbacks(who)));
        router.get(CHANGES).handler(page("policies:read", (ctx, who) -> reader.changes(who)));
        router.get(QUARANTINE).handler(page("usage:read", (ctx, who) -> reader.quarantine(who, after(ctx))));
    }

    private void login(RoutingContext ctx) {
        if (isFromElsewhere(ctx)) {
            ctx.fail(Problem.of(ProblemType.FORBIDDEN).withCode("cross_site").toException());
            return;
        }
        tokens.verify(token(ctx))
                .onSuccess(who -> {
                    if (who.subscriptionId().isPresent()) {
                        refuse(ctx);
                        return;
                    }
                    ctx.response().addCookie(cookie(sessions.open(who)));
                    redirect(ctx, SUBSCRIPTIONS);
                })
                .onFailure(refused -> refuse(ctx));
    }

    private static void refuse(RoutingContext ctx) {
        ctx.response().putHeader("WWW-Authenticate", "Bearer realm=\"octroi\"");
        show(ctx, 401, ConsoleFrame.login(true));
    }

    /** What was pasted: with or without the scheme's name before it, and white space around. */
    private static String token(RoutingContext ctx) {
        String pasted = ctx.request().getFormAttribute("token");
        String token = pasted == null ? "" : pasted.strip();
        return token.startsWith("Bearer ") ? token.substring(7).strip() : token;
    }

    private void logout(RoutingContext ctx) {
        String id = sessionId(ctx);
        Optional<Session> session = sessions.find(id);
        if (isFromElsewhere(ctx) || (session.isPresent() && !isOwnForm(ctx, session.get()))) {
            ctx.fail(Problem.of(ProblemType.FORBIDDEN).withCode("csrf").toException());
            return;
        }
        sessions.close(id);
        ctx.response().addCookie(cookie("").setMaxAge(0));
        redirect(ctx, LOGIN);
    }

    private static boolean isOwnForm(RoutingContext ctx, Session session) {
        String given = ctx.request().getFormAttribute("token");
        return given != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8),
                        session.formToken().getBytes(StandardCharsets.UTF_8));
    }

    /** Forms that another site sends are refused; {@code Origin} says nothing here, because no referrer is sent. */
    private static boolean isFromElsewhere(RoutingContext ctx) {
        String site = ctx.request().getHeader("Sec-Fetch-Site");
        return site != null && !site.equals("same-origin");
    }

    /** A page for someone who is signed in and has a scope. */
    private Handler<RoutingContext> page(String scope, BiFunction<RoutingContext, Principal, Future<Page>> read) {
        return ctx -> {
            Optional<Session> found = sessions.find(sessionId(ctx));
            if (found.isEmpty()) {
                redirect(ctx, LOGIN);
                return;
            }
            Session session = found.get();
            Future<Page> page = session.who().has(scope)
                    ? read.apply(ctx, session.who())
                    : Future.succeededFuture(
                            Page.message(403, "Not allowed", "Your token lacks the scope <code>" + scope + "</code>."));
            page.onSuccess(shown -> show(
                            ctx,
                            shown.status(),
                            shown.draws() ? DRAWING_HEADERS : HEADERS,
                            ConsoleFrame.render(shown, session, clock.instant())))
                    .onFailure(ctx::fail);
        };
    }

    /** The identifier that a page of a list begins before; anything else begins at the newest. */
    private static long before(RoutingContext ctx, PublicId kind) {
        String before = ctx.request().getParam("before");
        return before == null ? Long.MAX_VALUE : kind.parse(before).orElse(Long.MAX_VALUE);
    }

    /** The number that a page of the quarantine begins after; anything else begins with the longest kept. */
    private static long after(RoutingContext ctx) {
        String after = ctx.request().getParam("after");
        return after == null ? 0 : PublicId.QUARANTINED.parse(after).orElse(0);
    }

    private static String sessionId(RoutingContext ctx) {
        Cookie cookie = ctx.request().getCookie(COOKIE);
        return cookie == null ? "" : cookie.getValue();
    }

    private static Cookie cookie(String value) {
        return Cookie.cookie(COOKIE, value)
                .setPath("/")
                .setSecure(true)
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.STRICT);
    }

    private static void show(RoutingContext ctx, int status, String html) {
        show(ctx, status, HEADERS, html);
    }

    private static void show(RoutingContext ctx, int status, PageHeaders headers, String html) {
        headers.applyTo(ctx.response().setStatusCode(status)).end(html);
    }

    private static void redirect(RoutingContext ctx, String path) {
        ctx.response()
                .setStatusCode(303)
                .putHeader("Location", path)
                .putHeader("Cache-Control", "no-store")
                .end();
    }
}
