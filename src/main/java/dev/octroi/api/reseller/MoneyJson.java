package dev.octroi.api.reseller;

import dev.octroi.catalog.Money;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;

/** Amounts on the wire. */
final class MoneyJson {
    private MoneyJson() {}

    static JsonObject write(Money money) {
        return new JsonObject().put("amount", money.text()).put("currency", money.currency());
    }

    /** Reads an amount that the contract has let through. */
    static Money read(JsonObject json) {
        return new Money(new BigDecimal(json.getString("amount")), json.getString("currency"));
    }
}
