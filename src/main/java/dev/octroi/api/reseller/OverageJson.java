package dev.octroi.api.reseller;

import dev.octroi.catalog.Money;
import dev.octroi.catalog.Overage;
import dev.octroi.quota.account.OverageView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The price of use beyond the volume on the wire. */
final class OverageJson {
    private OverageJson() {}

    static JsonObject write(Overage overage) {
        return new JsonObject()
                .put("pricePerMegabyte", MoneyJson.write(overage.pricePerMegabyte()))
                .put("ceiling", MoneyJson.write(overage.money(overage.ceilingMinor())))
                .put("monthlyLimit", MoneyJson.write(overage.money(overage.limitMinor())));
    }

    static JsonObject write(OverageView overage) {
        JsonObject json = new JsonObject()
                .put("pricePerMegabyte", MoneyJson.write(overage.pricePerMegabyte()))
                .put("ceiling", MoneyJson.write(overage.ceiling()))
                .put("monthlyLimit", MoneyJson.write(overage.limit()))
                .put("charged", MoneyJson.write(overage.charged()))
                .put("chargedThisMonth", MoneyJson.write(overage.chargedThisMonth()))
                .put("chargedBytes", overage.chargedBytes())
                .put("agreed", overage.agreedAt() != null);
        if (!overage.zonePrices().isEmpty()) {
            JsonArray prices = new JsonArray();
            overage.zonePrices()
                    .forEach(each -> prices.add(new JsonObject()
                            .put("zone", each.zone())
                            .put("name", each.name())
                            .put("pricePerMegabyte", MoneyJson.write(each.pricePerMegabyte()))));
            json.put("zonePrices", prices);
        }
        Times.put(json, "agreedAt", overage.agreedAt());
        return json;
    }

    /**
     * Reads what the contract has let through; the limit that is not said is 50 euro, or the ceiling where that is lower.
     *
     * @throws IllegalArgumentException when the amounts contradict each other
     */
    static @Nullable Overage read(@Nullable JsonObject json) {
        if (json == null) {
            return null;
        }
        Money price = MoneyJson.read(json.getJsonObject("pricePerMegabyte"));
        Money ceiling = MoneyJson.read(json.getJsonObject("ceiling"));
        JsonObject limit = json.getJsonObject("monthlyLimit");
        return Overage.of(price, ceiling, limit == null ? usualLimit(ceiling) : MoneyJson.read(limit));
    }

    private static Money usualLimit(Money ceiling) {
        Money usual = Overage.DEFAULT_LIMIT;
        if (!ceiling.currency().equals(usual.currency())) {
            throw new IllegalArgumentException("a plan in another currency than euro names its monthly limit");
        }
        return ceiling.amount().compareTo(usual.amount()) < 0 ? ceiling : usual;
    }
}
