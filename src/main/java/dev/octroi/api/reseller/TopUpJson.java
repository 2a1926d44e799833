package dev.octroi.api.reseller;

import dev.octroi.catalog.Money;
import dev.octroi.db.PublicId;
import dev.octroi.subscription.AppliedTopUp;
import dev.octroi.subscription.TopUp;
import io.vertx.core.json.JsonObject;

/** Top-ups on the wire. */
final class TopUpJson {
    private TopUpJson() {}

    static JsonObject write(AppliedTopUp applied) {
        TopUp topUp = applied.topUp();
        JsonObject json = new JsonObject()
                .put("id", PublicId.TOP_UP.format(topUp.id()))
                .put("subscriptionId", PublicId.SUBSCRIPTION.format(topUp.subscriptionId()))
                .put("bytes", topUp.bytes());
        Money price = topUp.price();
        if (price != null) {
            json.put("price", MoneyJson.write(price));
        }
        if (topUp.externalReference() != null) {
            json.put("externalReference", topUp.externalReference());
        }
        return json.put("reference", applied.reference()).put("appliedAt", Times.text(applied.appliedAt()));
    }
}
