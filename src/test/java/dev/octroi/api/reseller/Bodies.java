package dev.octroi.api.reseller;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Bodies that the contract accepts. */
final class Bodies {
    private Bodies() {}

    static JsonObject plan() {
        return new JsonObject()
                .put("name", "France 3 GB, 7 days, then 384 kbit/s")
                .put("price", money("9.90"))
                .put("includedBytes", 3_000_000_000L)
                .put(
                        "validity",
                        new JsonObject()
                                .put("start", "on_install")
                                .put("amount", 7)
                                .put("unit", "day"))
                .put("afterExhaustion", new JsonObject().put("action", "slow").put("rate", rate(384)))
                .put("countries", new JsonArray().add("FR"))
                .put("topUpPricePerGigabyte", money("3.50"))
                .put("breakoutCountry", "FR");
    }

    static JsonObject zone() {
        return new JsonObject()
                .put("name", "Central Paris")
                .put("trackingAreas", new JsonArray().add("208-01-1234").add("208-01-12AF"));
    }

    static JsonObject order(String planId) {
        return new JsonObject()
                .put("planId", planId)
                .put("timeZone", "Europe/Paris")
                .put("language", "fr");
    }

    static JsonObject rules() {
        return new JsonObject()
                .put(
                        "rules",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("id", "daily")
                                        .put(
                                                "when",
                                                new JsonObject()
                                                        .put("window", "day")
                                                        .put("overBytes", 300_000_000))
                                        .put(
                                                "then",
                                                new JsonArray()
                                                        .add(new JsonObject()
                                                                .put("do", "throttle")
                                                                .put("rate", rate(512))))));
    }

    static JsonObject money(String amount) {
        return new JsonObject().put("amount", amount).put("currency", "EUR");
    }

    static JsonObject rate(int kbps) {
        return new JsonObject().put("up", kbps).put("down", kbps);
    }
}
