package dev.octroi.web.selfcare;

import dev.octroi.http.Problem;
import dev.octroi.http.ProblemHandler;
import dev.octroi.web.Html;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.ZoneId;

/** What a person reads, in their language, where a program gets a problem: of a form or the page itself, in a browser. */
final class ErrorPage {
    private ErrorPage() {}

    static void mount(Router router) {
        router.route("/s/*").failureHandler(ErrorPage::handle);
        router.route("/n/*").failureHandler(ErrorPage::handle);
    }

    private static void handle(RoutingContext ctx) {
        String accept = ctx.request().getHeader("Accept");
        boolean isRead = accept != null
                && accept.contains("text/html")
                && !ctx.normalizedPath().endsWith(".json");
        if (!isRead) {
            ctx.next();
            return;
        }
        Texts texts = new Texts(SelfCarePages.locale(ctx, "en"), ZoneId.of("UTC"));
        ProblemHandler.send(
                ctx,
                ProblemHandler.of(ctx),
                (response, problem) -> SelfCarePages.HEADERS
                        .applyTo(response)
                        .end(render(texts, problem, page(ctx.normalizedPath()))));
    }

    /** The address of the page that a form is of; that of a link which ends messages is the form's own. */
    private static String page(String path) {
        if (isMailed(path) && path.endsWith("/stop")) {
            return path;
        }
        int end = path.indexOf('/', "/s/".length());
        return end < 0 ? path : path.substring(0, end);
    }

    /** Whether a link of a mail leads there, whose reader may have no page here. */
    private static boolean isMailed(String path) {
        return path.startsWith("/n/");
    }

    private static String render(Texts texts, Problem problem, String page) {
        Html html = new Html();
        PageFrame.head(html, texts);
        html.raw("<main><section class=state>").element("h1", texts.get("error.title"));
        boolean isMailed = isMailed(page);
        html.element("p", texts.get(sentence(problem, isMailed)));
        html.raw("<a class=go href=\"").text(page + "?lang=" + texts.locale().getLanguage());
        return html.raw("\">")
                .text(texts.get(isMailed ? "error.link.again" : "error.again"))
                .raw("</a></section></main></html>")
                .toString();
    }

    private static String sentence(Problem problem, boolean isMailed) {
        return switch (problem.type()) {
            case FORBIDDEN -> "error.form";
            case TOO_MANY_REQUESTS -> problem.code().equals("too_many_failures") ? "error.tries" : "error.often";
            case UNAVAILABLE -> FormAnswer.BUSY;
            case NOT_FOUND -> "gone.text";
            default -> isMailed ? "error.link" : "error.other";
        };
    }
}
