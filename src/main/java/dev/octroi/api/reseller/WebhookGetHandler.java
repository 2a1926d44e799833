package dev.octroi.api.reseller;

import dev.octroi.callback.webhook.Webhooks;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;

/** {@code GET /webhooks/{webhookId}}. */
final class WebhookGetHandler implements OperationHandler {
    private final TenantCalls calls;
    private final Webhooks webhooks;
    private final String publicKey;

    WebhookGetHandler(TenantCalls calls, Webhooks webhooks, String publicKey) {
        this.calls = calls;
        this.webhooks = webhooks;
        this.publicKey = publicKey;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return webhooks.find(calls.caller(call).tenantId(), PathIds.webhook(call))
                .map(found -> found.orElseThrow(Refusals::notFound))
                .map(webhook -> Reply.ok(WebhookJson.write(webhook, publicKey)));
    }
}
