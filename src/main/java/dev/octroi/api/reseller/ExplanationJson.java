package dev.octroi.api.reseller;

import dev.octroi.policy.Restriction;
import dev.octroi.quota.Explanation;
import dev.octroi.subscription.PolicySentence;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What held at a moment, and why, on the wire. */
public final class ExplanationJson {
    private ExplanationJson() {}

    /** The sentence, the policy, and all that it was derived from. */
    public static JsonObject write(Explanation explanation, Locale locale) {
        JsonArray held = new JsonArray();
        explanation
                .held()
                .forEach(each -> held.add(held(each, explanation.policy().restrictionId())));
        JsonObject json = new JsonObject()
                .put("at", Times.text(explanation.at()))
                .put("sentence", PolicySentence.of(explanation, locale))
                .put("policy", AccountJson.policy(explanation.policy()));
        Times.put(json, "decidedAt", explanation.decidedAt());
        return json.put("restrictions", held);
    }

    private static JsonObject held(Explanation.Held held, @Nullable String shown) {
        Restriction restriction = held.restriction();
        JsonObject json = new JsonObject()
                .put("id", restriction.id())
                .put("class", restriction.restrictionClass().word())
                .put("reason", restriction.reasonCode())
                .put("level", restriction.level().word())
                .put("givesReason", restriction.id().equals(shown))
                .put("from", Times.text(restriction.from()))
                .put("untilKind", restriction.until().word());
        Times.put(json, "until", restriction.until().moment());
        if (restriction.speed() != null) {
            json.put("rate", RateJson.write(restriction.speed()));
        }
        if (restriction.category() != null) {
            json.put("category", restriction.category());
        }
        String rule = restriction.ruleId();
        if (rule != null) {
            int colon = rule.indexOf(':');
            json.put(
                    "rule",
                    new JsonObject()
                            .put("owner", rule.substring(0, colon))
                            .put("id", rule.substring(colon + 1))
                            .put("version", held.ruleVersion()));
        }
        return json.put("inputs", held.inputs());
    }
}
