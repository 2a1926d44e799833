package dev.octroi.api.reseller;

import dev.octroi.callback.Webhooks;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;

/** {@code DELETE /webhooks/{webhookId}}. */
final class WebhookDeleteHandler implements OperationHandler {
    private final TenantCalls calls;
    private final Webhooks webhooks;

    WebhookDeleteHandler(TenantCalls calls, Webhooks webhooks) {
        this.calls = calls;
        this.webhooks = webhooks;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return webhooks.delete(calls.caller(call).tenantId(), PathIds.webhook(call))
                .map(deleted -> {
                    if (!deleted) {
                        throw Refusals.notFound();
                    }
                    return Reply.noContent();
                });
    }
}
