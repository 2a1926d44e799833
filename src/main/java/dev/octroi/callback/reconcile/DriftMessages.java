package dev.octroi.callback.reconcile;

import dev.octroi.callback.event.Event;
import dev.octroi.callback.message.NfMessageSource;
import dev.octroi.callback.network.SessionNoticeStore;
import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.callback.outbox.Stream;
import dev.octroi.callback.outbox.Urgency;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** What is told of policies that the network has not confirmed: to the network again, to the tenant, to open sessions. */
final class DriftMessages {
    private static final String ESCALATED_TYPE = "policy.unconfirmed";

    private final Ids ids;

    DriftMessages(Ids ids) {
        this.ids = ids;
    }

    /** The policy once more, of a row that is gone. */
    OutboxRow row(Drift drift, Instant now) {
        JsonObject payload = drift.payload() == null ? new JsonObject() : drift.payload();
        return new OutboxRow(
                drift.tenantId(),
                ids.next(drift.vshard()),
                Stream.NETWORK,
                0,
                drift.subscriptionId(),
                drift.desiredVersion(),
                drift.driftedAt() == null ? payload : payload.copy().put("repair", true),
                now,
                Urgency.of(drift.stops(), true));
    }

    /** That a policy stays unconfirmed. */
    Event event(Drift drift, Instant now) {
        JsonObject payload = drift.payload();
        JsonObject data = payload == null ? new JsonObject() : payload.copy();
        data.put("subscription", PublicId.SUBSCRIPTION.format(drift.subscriptionId()))
                .put("version", drift.desiredVersion())
                .put("sentVersion", drift.sentVersion())
                .put("confirmedVersion", drift.confirmedVersion())
                .put("since", drift.since().toString());
        if (drift.error() != null) {
            data.put("error", drift.error());
        }
        return new Event(drift.tenantId(), ids.next(drift.vshard()), ESCALATED_TYPE, drift.subscriptionId(), data, now);
    }

    /** The end of an open session. */
    OutboxRow abort(OpenSessionStore.OpenSession session, Instant now) {
        return new OutboxRow(
                session.tenantId(),
                ids.next(Ids.shardOf(session.number())),
                Stream.CHARGING,
                session.partnerId(),
                session.number(),
                SessionNoticeStore.ABORT_VERSIONS + session.version(),
                new JsonObject()
                        .put("account", session.accountId())
                        .put("session", session.number())
                        .put("abort", true)
                        .put(NfMessageSource.WHILE_SUSPENDED, true),
                now);
    }
}
