package dev.octroi.api.reseller;

import dev.octroi.callback.webhook.Webhooks;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** {@code GET /webhooks}. */
final class WebhookListHandler implements OperationHandler {
    private final TenantCalls calls;
    private final Webhooks webhooks;
    private final String publicKey;

    WebhookListHandler(TenantCalls calls, Webhooks webhooks, String publicKey) {
        this.calls = calls;
        this.webhooks = webhooks;
        this.publicKey = publicKey;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return webhooks.list(calls.caller(call).tenantId()).map(all -> {
            JsonArray items = new JsonArray();
            all.forEach(webhook -> items.add(WebhookJson.write(webhook, publicKey)));
            return Reply.ok(new JsonObject().put("items", items));
        });
    }
}
