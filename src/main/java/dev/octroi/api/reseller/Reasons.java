package dev.octroi.api.reseller;

import dev.octroi.quota.account.Words;
import dev.octroi.telemetry.Redaction;
import io.vertx.core.json.JsonObject;

/** What people write beside what they do, as timelines, audit and webhooks keep it. */
public final class Reasons {
    private Reasons() {}

    /** The reason of a body that the contract has checked: people paste numbers of cards and codes, which have no place there. */
    public static String read(JsonObject body) {
        return read(body, "reason", Words.MAX_REASON);
    }

    /**
     * The same for another member, which the body has.
     *
     * @param max characters it may have; what is longer once numbers are blackened is cut
     */
    public static String read(JsonObject body, String member, int max) {
        return Words.atMost(Redaction.redact(body.getString(member).strip()), max);
    }
}
