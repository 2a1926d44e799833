package dev.octroi.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/** The small page behind each problem's URI. */
final class ProblemPages {

    private ProblemPages() {}

    static void handle(RoutingContext ctx) {
        ProblemType type = ProblemType.ofSlug(ctx.pathParam("slug")).orElse(null);
        if (type == null) {
            ctx.fail(404);
            return;
        }
        ctx.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=86400")
                .end(page(type));
    }

    private static String page(ProblemType type) {
        return """
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>%2$s</title></head>
                <body><main><h1>%2$s</h1><p>%3$s</p>
                <dl><dt>HTTP status</dt><dd>%1$d</dd><dt>Type</dt><dd><code>%4$s</code></dd>
                <dt>Code</dt><dd><code>%5$s</code></dd></dl></main></body></html>
                """.formatted(type.status(), escape(type.title()), escape(type.explanation()), type.uri(), type.code());
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
