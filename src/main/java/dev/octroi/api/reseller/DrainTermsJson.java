package dev.octroi.api.reseller;

import dev.octroi.catalog.DrainTerms;
import io.vertx.core.json.JsonObject;

/** The grades of drain alarms as JSON. */
public final class DrainTermsJson {
    private DrainTermsJson() {}

    static JsonObject write(DrainTerms terms) {
        return new JsonObject()
                .put("throttleFromScore", terms.throttleFromScore())
                .put("suspendFromScore", terms.suspendFromScore())
                .put("secondSignal", terms.secondSignal())
                .put("releaseAfterHours", terms.releaseAfterHours());
    }

    /**
     * Reads what the contract has let through; what is not said is as usual.
     *
     * @throws IllegalArgumentException when the grades contradict each other
     */
    public static DrainTerms read(JsonObject json) {
        DrainTerms usual = DrainTerms.DEFAULT;
        double throttle = json.getDouble("throttleFromScore", usual.throttleFromScore());
        return new DrainTerms(
                throttle,
                json.getDouble("suspendFromScore", Math.max(throttle, usual.suspendFromScore())),
                json.getBoolean("secondSignal", usual.secondSignal()),
                json.getInteger("releaseAfterHours", usual.releaseAfterHours()));
    }
}
