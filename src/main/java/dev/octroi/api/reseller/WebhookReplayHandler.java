package dev.octroi.api.reseller;

import dev.octroi.callback.webhook.Webhooks;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** {@code POST /webhooks/{webhookId}/deliveries/{eventId}/replay}. */
final class WebhookReplayHandler implements OperationHandler {
    private final TenantCalls calls;
    private final Webhooks webhooks;

    WebhookReplayHandler(TenantCalls calls, Webhooks webhooks) {
        this.calls = calls;
        this.webhooks = webhooks;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        long event = PathIds.event(call);
        return calls.once(
                        call,
                        (connection, caller) -> webhooks.replay(
                                        connection, caller.tenantId(), PathIds.webhook(call), event)
                                .map(replayed -> {
                                    if (!replayed) {
                                        throw Refusals.notFound();
                                    }
                                    return Reply.json(
                                            202, new JsonObject().put("eventId", PublicId.EVENT.format(event)));
                                }))
                .onSuccess(reply -> webhooks.nudge());
    }
}
