package dev.octroi.support;

import dev.octroi.callback.event.Event;
import dev.octroi.db.PublicId;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** What resellers are told about cases. */
final class CaseEvents {
    private CaseEvents() {}

    /** A case was opened; the event takes the case's own number, so a case is announced once. */
    static Event opened(int tenantId, long caseId, long subscriptionId, String kind, Instant at) {
        return new Event(
                tenantId,
                caseId,
                "case.opened",
                subscriptionId,
                new JsonObject()
                        .put("case", PublicId.CASE.format(caseId))
                        .put("subscription", PublicId.SUBSCRIPTION.format(subscriptionId))
                        .put("kind", kind),
                at);
    }

    static Event resolved(SupportCase settled, long eventId, Settlement settlement, Instant at) {
        return new Event(
                settled.tenantId(),
                eventId,
                "case.resolved",
                settled.subscriptionId(),
                new JsonObject()
                        .put("case", PublicId.CASE.format(settled.id()))
                        .put("subscription", PublicId.SUBSCRIPTION.format(settled.subscriptionId()))
                        .put("resolution", settlement.word())
                        .put("creditBytes", settlement.creditBytes())
                        .put("lifted", settlement.lift())
                        .put("reason", settlement.reason()),
                at);
    }
}
