package dev.octroi.api.reseller;

import dev.octroi.callback.Callbacks;
import dev.octroi.callback.webhook.Webhooks;
import dev.octroi.db.Database;
import dev.octroi.http.Cursors;
import dev.octroi.http.Idempotency;
import dev.octroi.http.OperationHandler;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** The operations of the reseller API on webhooks and events, by operationId. */
public final class WebhookApi {
    private final Map<String, OperationHandler> handlers = new LinkedHashMap<>();
    private final EventStreams streams;

    /** What the operations work with. */
    public record Parts(
            Vertx vertx,
            Database database,
            Idempotency idempotency,
            Cursors cursors,
            Callbacks callbacks,
            InstantSource clock) {}

    public WebhookApi(Parts parts) {
        TenantCalls calls = new TenantCalls(parts.database(), parts.idempotency(), parts.cursors(), parts.clock());
        Webhooks webhooks = parts.callbacks().webhooks();
        String publicKey = parts.callbacks().publicKey();
        handlers.put("listWebhooks", new WebhookListHandler(calls, webhooks, publicKey));
        handlers.put("createWebhook", new WebhookCreateHandler(calls, webhooks, publicKey));
        handlers.put("getWebhook", new WebhookGetHandler(calls, webhooks, publicKey));
        handlers.put("deleteWebhook", new WebhookDeleteHandler(calls, webhooks));
        handlers.put("rotateWebhookSecret", new WebhookRotateHandler(calls, webhooks, publicKey));
        handlers.put("enableWebhook", new WebhookEnableHandler(calls, webhooks, publicKey));
        handlers.put("testWebhook", new WebhookTestHandler(calls, webhooks));
        handlers.put("listWebhookDeliveries", new WebhookDeliveriesHandler(calls, webhooks));
        handlers.put("replayWebhookDelivery", new WebhookReplayHandler(calls, webhooks));
        streams = new EventStreams(parts.vertx(), parts.callbacks().events(), parts.clock());
        handlers.put("listEvents", new EventListHandler(calls, parts.callbacks().events(), streams));
    }

    /** Ends the open streams of events: for the stop, which would wait for them in vain. */
    public void endStreams() {
        streams.end();
    }

    /** The handlers, for {@code Routes.handlers}. */
    public Map<String, OperationHandler> handlers() {
        return Map.copyOf(handlers);
    }
}
