package dev.octroi.api.reseller;

import dev.octroi.rsp.words.StatusWords;
import dev.octroi.subscription.TimelineEntry;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** Entries of a timeline in answers. */
final class TimelineJson {
    private TimelineJson() {}

    static JsonObject write(TimelineEntry entry, Locale locale) {
        JsonObject json = new JsonObject()
                .put("at", Times.text(entry.at()))
                .put("kind", entry.kind())
                .put("summary", entry.summary(locale));
        if (entry.isStep()) {
            json.put("result", result(entry, locale));
        }
        return json.put("details", new JsonObject(entry.data()).copy().put("event", entry.type()));
    }

    private static JsonObject result(TimelineEntry entry, Locale locale) {
        JsonObject result =
                new JsonObject().put("ok", !Boolean.FALSE.equals(entry.data().get("ok")));
        entry.refusal()
                .ifPresent(code -> result.put("code", code.subjectCode() + "/" + code.reasonCode())
                        .put("actor", StatusWords.actor(code).word())
                        .put("sentence", StatusWords.support(code, locale))
                        .put("travellerSentence", StatusWords.traveller(code, locale)));
        return result;
    }
}
