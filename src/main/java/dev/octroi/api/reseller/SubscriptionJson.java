package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.ZoneChange;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionProfile;
import io.vertx.core.json.JsonObject;
import java.time.ZoneId;

/** Subscriptions on the wire. */
final class SubscriptionJson {
    private SubscriptionJson() {}

    static JsonObject summary(Subscription subscription) {
        JsonObject json = new JsonObject();
        Times.put(json, "cancelledAt", subscription.cancelledAt());
        Times.put(json, "erasedAt", subscription.erasedAt());
        return json.put("id", PublicId.SUBSCRIPTION.format(subscription.id()))
                .put("orderId", PublicId.ORDER.format(subscription.orderId()))
                .put("planId", PublicId.PLAN.format(subscription.planId()))
                .put("planVersion", subscription.planVersion())
                .put("planName", subscription.planName())
                .put("createdAt", Times.text(subscription.createdAt()));
    }

    private static JsonObject profile(Subscription subscription, SubscriptionProfile profile) {
        JsonObject json = new JsonObject()
                .put("id", PublicId.PROFILE.format(subscription.profileId()))
                .put("state", profile.state());
        profile.iccid().ifPresent(iccid -> json.put("iccid", iccid.reveal()));
        return json;
    }

    static JsonObject write(Subscription subscription, AccountView account, SubscriptionProfile profile) {
        String id = PublicId.SUBSCRIPTION.format(subscription.id());
        JsonObject json = summary(subscription)
                .put("labelHash", subscription.labelHash())
                .put("status", AccountJson.state(account.period()))
                .put("accountId", PublicId.ACCOUNT.format(subscription.accountId()))
                .put("profile", profile(subscription, profile))
                .put("policy", AccountJson.policy(account.policy()))
                .put("period", AccountJson.period(account.period()))
                .put("timeZone", account.timeZone().getId())
                .put("language", subscription.language())
                .put("activationUrl", "/v1/subscriptions/" + id + "/activation");
        ZoneChange change = account.zoneChange();
        ZoneId next = change == null ? null : change.next();
        if (change != null && next != null) {
            json.put(
                    "nextTimeZone",
                    new JsonObject().put("timeZone", next.getId()).put("at", Times.text(change.at())));
        }
        return json;
    }
}
