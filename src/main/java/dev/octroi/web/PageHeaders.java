package dev.octroi.web;

import dev.octroi.secret.Sha256;
import io.vertx.core.http.HttpServerResponse;
import java.util.Base64;

/** The header fields of every page: nothing from elsewhere, no script, one style sheet known by its hash, no cache. */
public final class PageHeaders {
    private final String policy;

    /** @param style the content of the page's one style element */
    public PageHeaders(String style) {
        this(style, "");
    }

    /**
     * Fields of pages that may do more than show themselves.
     *
     * @param more directives to add, each with a semicolon before it
     */
    public PageHeaders(String style, String more) {
        this.policy = "default-src 'none'; img-src data:; style-src 'sha256-" + sha256(style)
                + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'" + more;
    }

    /** Writes them. */
    public HttpServerResponse applyTo(HttpServerResponse response) {
        return response.putHeader("Content-Type", "text/html; charset=utf-8")
                .putHeader("Content-Security-Policy", policy)
                .putHeader("Cache-Control", "no-store")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Robots-Tag", "noindex");
    }

    private static String sha256(String text) {
        return Base64.getEncoder().encodeToString(Sha256.of(text));
    }
}
