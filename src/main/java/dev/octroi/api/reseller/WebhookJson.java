package dev.octroi.api.reseller;

import dev.octroi.callback.event.Event;
import dev.octroi.callback.webhook.Webhook;
import dev.octroi.callback.webhook.WebhookDelivery;
import dev.octroi.db.PublicId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Webhook endpoints, deliveries and events on the wire. */
final class WebhookJson {
    private WebhookJson() {}

    static JsonObject write(Webhook webhook, String publicKey) {
        JsonObject json = new JsonObject()
                .put("id", PublicId.WEBHOOK.format(webhook.id()))
                .put("url", webhook.url())
                .put("events", new JsonArray(webhook.eventTypes()))
                .put("signature", webhook.signature().word())
                .put("status", webhook.state())
                .put("publicKey", publicKey)
                .put("createdAt", Times.text(webhook.createdAt()));
        Times.put(json, "previousSecretUntil", webhook.previousSecretUntil());
        if (webhook.disabledReason() != null) {
            json.put("disabledReason", webhook.disabledReason());
        }
        if (!webhook.description().isEmpty()) {
            json.put("description", webhook.description());
        }
        return json;
    }

    static JsonObject write(WebhookDelivery delivery) {
        JsonObject json = new JsonObject()
                .put("eventId", PublicId.EVENT.format(delivery.eventId()))
                .put("type", delivery.type())
                .put("state", delivery.state())
                .put("attempts", delivery.attempts());
        if (delivery.lastStatus() != null) {
            json.put("lastStatus", delivery.lastStatus());
        }
        if (delivery.lastError() != null) {
            json.put("lastError", delivery.lastError());
        }
        Times.put(json, "lastAttemptAt", delivery.lastAttemptAt());
        Times.put(json, "nextAttemptAt", delivery.nextAttemptAt());
        return json;
    }

    static JsonObject write(Event event) {
        return new JsonObject()
                .put("id", PublicId.EVENT.format(event.id()))
                .put("type", event.type())
                .put("timestamp", Times.text(event.at()))
                .put("data", event.data());
    }
}
