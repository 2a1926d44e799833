package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.support.CaseSummary;
import io.vertx.core.json.JsonObject;

/** Cases on the wire. */
final class CaseJson {
    private CaseJson() {}

    static JsonObject write(CaseSummary summary) {
        JsonObject json = new JsonObject()
                .put("id", PublicId.CASE.format(summary.id()))
                .put("subscriptionId", PublicId.SUBSCRIPTION.format(summary.subscriptionId()))
                .put("status", summary.state())
                .put("kind", summary.kind())
                .put("creditBytes", summary.creditBytes())
                .put("savedBytes", summary.savedBytes())
                .put("openedAt", Times.text(summary.openedAt()));
        if (!summary.summary().isEmpty()) {
            json.put("summary", summary.summary());
        }
        if (summary.resolution() != null) {
            json.put("resolution", summary.resolution());
        }
        if (summary.reason() != null) {
            json.put("reason", summary.reason());
        }
        Times.put(json, "resolvedAt", summary.resolvedAt());
        return json;
    }
}
