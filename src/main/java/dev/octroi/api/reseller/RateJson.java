package dev.octroi.api.reseller;

import dev.octroi.policy.Speed;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Speeds on the wire, in kbit/s. */
final class RateJson {
    private RateJson() {}

    static JsonObject write(Speed speed) {
        return new JsonObject().put("up", speed.upKbps()).put("down", speed.downKbps());
    }

    /** Reads a speed; a problem 422 when an action that needs one has none. */
    static Speed read(@Nullable JsonObject json) {
        if (json == null) {
            throw Refusals.unprocessable("rate_missing", "Slowing needs a rate");
        }
        return new Speed(json.getInteger("down"), json.getInteger("up"));
    }
}
