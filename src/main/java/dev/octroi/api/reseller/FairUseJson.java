package dev.octroi.api.reseller;

import dev.octroi.catalog.FairUse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Speeds that fall with use, on the wire. */
final class FairUseJson {
    private FairUseJson() {}

    static JsonObject write(FairUse fairUse) {
        JsonArray tiers = new JsonArray();
        fairUse.tiers()
                .forEach(tier -> tiers.add(
                        new JsonObject().put("fromBytes", tier.fromBytes()).put("rate", RateJson.write(tier.speed()))));
        return new JsonObject()
                .put("window", fairUse.window().name().toLowerCase(Locale.ROOT))
                .put("tiers", tiers);
    }

    /**
     * Reads what the contract has let through.
     *
     * @throws IllegalArgumentException when the tiers are not in order
     */
    static @Nullable FairUse read(@Nullable JsonObject json) {
        if (json == null) {
            return null;
        }
        List<FairUse.Tier> tiers = new ArrayList<>();
        for (Object each : json.getJsonArray("tiers")) {
            JsonObject tier = (JsonObject) each;
            tiers.add(new FairUse.Tier(tier.getLong("fromBytes"), RateJson.read(tier.getJsonObject("rate"))));
        }
        return new FairUse(FairUse.Window.valueOf(json.getString("window").toUpperCase(Locale.ROOT)), tiers);
    }
}
