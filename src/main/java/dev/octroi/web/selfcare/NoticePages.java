package dev.octroi.web.selfcare;

import static java.util.Objects.requireNonNull;

import dev.octroi.notice.Channels;
import dev.octroi.web.Html;
import dev.octroi.web.PageHeaders;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * The pages that links in messages lead to, under {@code /n/{token}}: one says yes to an address, the other ends all messages there.
 * To look at one does nothing, because scanners of mail follow links; a button does, and for the end also the one POST of a mail
 * program (RFC 8058), which knows neither cookies nor forms of ours.
 */
public final class NoticePages {
    private static final int MAX_BODY_BYTES = 1_024;
    private static final PageHeaders HEADERS = new PageHeaders(PageStyle.CSS);

    private final Channels channels;

    public NoticePages(Channels channels) {
        this.channels = requireNonNull(channels, "channels is null");
    }

    /** Puts the routes on the public router. */
    public void mount(Router router) {
        BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);
        router.get("/n/:token")
                .handler(ctx -> answer(ctx, channels.isWaiting(ctx.pathParam("token")), "confirm", "/confirm"));
        router.get("/n/:token/stop")
                .handler(ctx -> answer(ctx, channels.isTold(ctx.pathParam("token")), "stop", "/stop"));
        router.post("/n/:token/confirm")
                .handler(body)
                .handler(ctx -> answer(ctx, channels.confirm(ctx.pathParam("token")), "confirmed", ""));
        router.post("/n/:token/stop")
                .handler(body)
                .handler(ctx -> answer(ctx, channels.stop(ctx.pathParam("token")), "stopped", ""));
    }

    /** @param action where the page's button goes; empty: it has none */
    private static void answer(RoutingContext ctx, Future<Boolean> good, String page, String action) {
        good.onSuccess(isGood -> {
                    ctx.response().setStatusCode(isGood ? 200 : 404);
                    HEADERS.applyTo(ctx.response()).end(isGood ? page(ctx, page, action) : page(ctx, "gone", ""));
                })
                .onFailure(ctx::fail);
    }

    private static String page(RoutingContext ctx, String page, String action) {
        Locale locale = SelfCarePages.locale(ctx, "en");
        Texts texts = new Texts(locale, ZoneOffset.UTC);
        Html html = new Html();
        PageFrame.head(html, texts);
        html.raw("<main><section class=state>").element("h1", texts.get("notices." + page + ".title"));
        html.element("p", texts.get("notices." + page + ".text"));
        if (!action.isEmpty()) {
            html.raw("<form method=post action=\"/n/").text(ctx.pathParam("token") + action);
            html.raw("\"><input type=hidden name=lang value=").raw(locale.getLanguage());
            html.raw("><button>").text(texts.get("notices." + page + ".yes")).raw("</button></form>");
        }
        return html.raw("</section></main></html>").toString();
    }
}
