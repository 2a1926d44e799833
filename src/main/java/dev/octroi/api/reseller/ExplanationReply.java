package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.Languages;
import dev.octroi.http.Reply;
import dev.octroi.quota.Explanation;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Answers "why is it slow?" for resellers and for support. */
public final class ExplanationReply {
    private ExplanationReply() {}

    /**
     * Reads {@code at} and {@code lang} of a call and answers it: 422 for a moment that is none or lies ahead.
     *
     * @param lookup what held at a moment; empty: there is no such subscription
     */
    public static Future<Reply> of(ApiCall call, Instant now, Function<Instant, Future<Optional<Explanation>>> lookup) {
        Instant at = call.query("at")
                .map(text -> Times.parse(text)
                        .orElseThrow(() -> Refusals.unprocessable("invalid_moment", "\"at\" is not a moment")))
                .orElse(now);
        if (at.isAfter(now)) {
            throw Refusals.unprocessable("invalid_moment", "What will hold is not decided yet");
        }
        Locale locale = Languages.choose(
                call.query("lang").orElse(null), call.header("Accept-Language").orElse(null), "en");
        return lookup.apply(at)
                .map(found -> Reply.ok(ExplanationJson.write(found.orElseThrow(Refusals::notFound), locale))
                        .withHeader("Vary", "Accept-Language")
                        .withHeader("Content-Language", locale.getLanguage()));
    }
}
