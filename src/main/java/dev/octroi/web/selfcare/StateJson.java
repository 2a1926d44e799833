package dev.octroi.web.selfcare;

import dev.octroi.policy.Speed;
import dev.octroi.quota.Explanation;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Delivery;
import dev.octroi.quota.account.OverageView;
import dev.octroi.subscription.PolicySentence;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;

/** What holds, for machines: the sentence of the page with its numbers. */
final class StateJson {
    private StateJson() {}

    static JsonObject write(AccountView account, Texts texts) {
        JsonObject json = new JsonObject()
                .put("state", StateSentence.state(account))
                .put("sentence", StateSentence.of(account, texts).strip())
                .put("reason", account.policy().reasonCode())
                .put("usedBytes", account.usedBytes())
                .put("remainingBytes", account.remainingBytes())
                .put("todayBytes", account.todayBytes())
                .put("lagSeconds", account.freshness().lagSeconds())
                .put("complete", account.freshness().complete())
                .put("mayChangeByBytes", account.freshness().mayChangeByBytes())
                .put("timeZone", account.timeZone().getId());
        json.put("background", account.background().mode().word());
        if (account.background().belowBytes() > 0) {
            json.put("backgroundBelowBytes", account.background().belowBytes());
        }
        if (!account.background().categories().isEmpty()) {
            json.put("backgroundCategories", new JsonArray(account.background().categories()));
        }
        if (!account.policy().blockedCategories().isEmpty()) {
            json.put("blockedCategories", new JsonArray(account.policy().blockedCategories()));
        }
        Speed speed = account.policy().speed();
        if (speed != null) {
            json.put("kbpsDown", speed.downKbps()).put("kbpsUp", speed.upKbps());
        }
        Delivery delivery = account.delivery();
        if (delivery != null && (delivery.isConfirmed() || StateSentence.isAwaited(delivery))) {
            json.put("confirmed", delivery.isConfirmed());
        }
        put(json, "until", account.policy().until().moment());
        put(json, "asOf", account.freshness().asOf());
        put(json, "ownAsOf", account.ownFreshness().asOf());
        put(json, "endsAt", account.period().endsAt());
        put(json, "predictedEndsAt", account.period().predictedEndsAt());
        put(json, "renewsAt", account.period().renewsAt());
        OverageView overage = account.overage();
        if (overage != null) {
            json.put("charged", overage.charged().text())
                    .put("chargedThisMonth", overage.chargedThisMonth().text())
                    .put("monthlyLimit", overage.limit().text())
                    .put("currency", overage.ceiling().currency());
        }
        return json;
    }

    private static void put(JsonObject json, String name, @org.jspecify.annotations.Nullable Instant at) {
        if (at != null) {
            json.put(name, at.toString());
        }
    }

    /** What held at a moment, in one sentence. */
    static JsonObject write(Explanation explanation, Locale locale) {
        return new JsonObject()
                .put("at", explanation.at().toString())
                .put("sentence", PolicySentence.of(explanation, locale))
                .put("level", explanation.policy().level().word())
                .put("reason", explanation.policy().reasonCode());
    }
}
