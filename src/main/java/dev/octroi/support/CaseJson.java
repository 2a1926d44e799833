package dev.octroi.support;

import dev.octroi.db.PublicId;
import io.vertx.core.json.JsonObject;

/** Cases and alarms as support sees them, for the admin API and the evidence pack. */
public final class CaseJson {
    private CaseJson() {}

    /** A case. */
    public static JsonObject write(SupportCase subject) {
        JsonObject json = new JsonObject()
                .put("id", PublicId.CASE.format(subject.id()))
                .put("tenantId", PublicId.TENANT.format(subject.tenantId()))
                .put("subscriptionId", PublicId.SUBSCRIPTION.format(subject.subscriptionId()))
                .put("kind", subject.kind())
                .put("status", subject.state())
                .put("summary", subject.summary())
                .put("openedBy", subject.openedBy())
                .put("openedAt", subject.openedAt().toString())
                .put("creditBytes", subject.creditBytes())
                .put("lift", subject.lift());
        subject.alarmId().ifPresent(alarm -> json.put("alarmId", PublicId.ALARM.format(alarm)));
        if (subject.resolution() != null) {
            json.put("resolution", subject.resolution());
        }
        if (subject.reason() != null) {
            json.put("reason", subject.reason());
        }
        if (subject.resolvedBy() != null) {
            json.put("resolvedBy", subject.resolvedBy());
        }
        if (subject.resolvedAt() != null) {
            json.put("resolvedAt", subject.resolvedAt().toString());
        }
        return json;
    }

    /** An alarm. */
    public static JsonObject write(Alarm alarm) {
        JsonObject json = new JsonObject()
                .put("id", PublicId.ALARM.format(alarm.id()))
                .put("tenantId", PublicId.TENANT.format(alarm.tenantId()))
                .put("subscriptionId", PublicId.SUBSCRIPTION.format(alarm.subscriptionId()))
                .put("kind", alarm.kind())
                .put("category", alarm.category())
                .put("zone", alarm.zone())
                .put("status", alarm.state())
                .put("action", alarm.action())
                .put("since", alarm.since().toString())
                .put("expectedLowBytes", alarm.expectedLowBytes())
                .put("expectedHighBytes", alarm.expectedHighBytes())
                .put("observedBytes", alarm.observedBytes())
                .put("atStakeBytes", alarm.atStakeBytes())
                .put("savedBytes", alarm.savedBytes())
                .put("score", alarm.score())
                .put("confidence", alarm.confidence())
                .put("reasons", alarm.reasons())
                .put("recent", alarm.recent())
                .put("openedAt", alarm.openedAt().toString())
                .put("updatedAt", alarm.updatedAt().toString());
        alarm.caseId().ifPresent(id -> json.put("caseId", PublicId.CASE.format(id)));
        return json;
    }
}
