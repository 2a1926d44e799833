package dev.octroi.api.reseller;

import dev.octroi.catalog.Quote;
import dev.octroi.db.PublicId;
import dev.octroi.subscription.Order;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** Quotes and orders on the wire; without activation codes, because answers to orders are stored for replays. */
final class OrderJson {
    private OrderJson() {}

    static JsonObject write(Order order) {
        JsonArray subscriptions = new JsonArray();
        for (Order.Part part : order.subscriptions()) {
            String id = PublicId.SUBSCRIPTION.format(part.id());
            String url = "/v1/subscriptions/" + id;
            JsonObject json = new JsonObject().put("id", id).put("url", url).put("activationUrl", url + "/activation");
            Times.put(json, "cancelledAt", part.cancelledAt());
            subscriptions.add(json);
        }
        JsonObject json = new JsonObject()
                .put("id", PublicId.ORDER.format(order.id()))
                .put("status", order.status().name().toLowerCase(Locale.ROOT))
                .put("planId", PublicId.PLAN.format(order.planId()))
                .put("planVersion", order.planVersion())
                .put("quantity", order.quantity())
                .put("total", MoneyJson.write(order.total()))
                .put("labelHash", order.labelHash())
                .put("subscriptions", subscriptions)
                .put("createdAt", Times.text(order.createdAt()));
        if (order.externalReference() != null) {
            json.put("externalReference", order.externalReference());
        }
        return json;
    }

    static JsonObject write(Quote quote, String labelHash) {
        return new JsonObject()
                .put("id", PublicId.QUOTE.format(quote.id()))
                .put("planId", PublicId.PLAN.format(quote.planId()))
                .put("planVersion", quote.planVersion())
                .put("quantity", quote.quantity())
                .put("total", MoneyJson.write(quote.total()))
                .put("labelHash", labelHash)
                .put("expiresAt", Times.text(quote.expiresAt()));
    }
}
