package dev.octroi.api.reseller;

import dev.octroi.callback.webhook.Webhooks;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** {@code POST /webhooks/{webhookId}/test}. */
final class WebhookTestHandler implements OperationHandler {
    private final TenantCalls calls;
    private final Webhooks webhooks;

    WebhookTestHandler(TenantCalls calls, Webhooks webhooks) {
        this.calls = calls;
        this.webhooks = webhooks;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        long id = PathIds.webhook(call);
        return calls.once(
                        call,
                        (connection, caller) -> webhooks.appendTest(connection, caller.tenantId(), id)
                                .map(event -> Reply.json(
                                        202,
                                        new JsonObject()
                                                .put(
                                                        "eventId",
                                                        PublicId.EVENT.format(event.orElseThrow(Refusals::notFound))))))
                .onSuccess(reply -> webhooks.nudge());
    }
}
