package dev.octroi.api.reseller;

import dev.octroi.telemetry.Redaction;
import io.vertx.core.json.JsonObject;

/** Why people do something to a profile, as timelines, audit and webhooks keep it. */
public final class Reasons {
    private static final int MAX = 200;

    private Reasons() {}

    /** The reason of a body that the contract has checked: people paste numbers of cards and codes, which have no place there. */
    public static String read(JsonObject body) {
        String redacted = Redaction.redact(body.getString("reason").strip());
        return redacted.length() > MAX ? redacted.substring(0, MAX) : redacted;
    }
}
