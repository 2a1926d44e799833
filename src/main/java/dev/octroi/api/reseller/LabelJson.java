package dev.octroi.api.reseller;

import dev.octroi.catalog.LabelText;
import dev.octroi.catalog.Plan;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** Tariff labels on the wire: the hashed facts, and the sentences in one language. */
final class LabelJson {
    private LabelJson() {}

    static JsonObject write(Plan plan, Locale locale) {
        JsonArray lines = new JsonArray();
        LabelText.lines(plan.offer(), locale)
                .forEach(line ->
                        lines.add(new JsonObject().put("title", line.title()).put("text", line.text())));
        return new JsonObject(plan.label().canonicalJson())
                .put(
                        "texts",
                        new JsonObject().put("language", locale.getLanguage()).put("lines", lines))
                .put("hash", plan.label().hash());
    }
}
