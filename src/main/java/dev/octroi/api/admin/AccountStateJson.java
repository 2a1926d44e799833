package dev.octroi.api.admin;

import dev.octroi.api.reseller.AccountJson;
import dev.octroi.api.reseller.SharingJson;
import dev.octroi.db.PublicId;
import dev.octroi.policy.Restriction;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Delivery;
import dev.octroi.quota.account.SharedView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** What holds on an account and why, on the wire. */
final class AccountStateJson {
    private AccountStateJson() {}

    static JsonObject write(AccountView account) {
        JsonArray restrictions = new JsonArray();
        account.restrictions().forEach(restriction -> restrictions.add(write(restriction)));
        JsonObject json = new JsonObject()
                .put("subscriptionId", PublicId.SUBSCRIPTION.format(account.subscriptionId()))
                .put("accountId", PublicId.ACCOUNT.format(account.key().accountId()))
                .put("version", account.version())
                .put("remainingBytes", account.remainingBytes())
                .put("policy", AccountJson.policy(account.policy()))
                .put("restrictions", restrictions);
        Delivery delivery = account.delivery();
        if (delivery != null) {
            json.put("delivery", write(delivery));
        }
        SharedView shared = account.shared();
        return shared == null ? json : json.put("shared", SharingJson.write(shared));
    }

    private static JsonObject write(Delivery delivery) {
        JsonObject json = new JsonObject()
                .put("desiredVersion", delivery.desiredVersion())
                .put("sentVersion", delivery.sentVersion())
                .put("confirmedVersion", delivery.confirmedVersion());
        Instant confirmedAt = delivery.confirmedAt();
        return confirmedAt == null ? json : json.put("confirmedAt", confirmedAt.toString());
    }

    private static JsonObject write(Restriction restriction) {
        JsonObject json = new JsonObject()
                .put("id", restriction.id())
                .put("class", restriction.restrictionClass().word())
                .put("reason", restriction.reasonCode())
                .put("level", restriction.level().word())
                .put("from", restriction.from().toString())
                .put("untilKind", restriction.until().word());
        Instant until = restriction.until().moment();
        if (until != null) {
            json.put("until", until.toString());
        }
        return json;
    }
}
