package dev.octroi.api.reseller;

import dev.octroi.callback.webhook.Webhooks;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import java.util.Map;

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
        long id = PathIds.webhook(call);
        return calls.run(
                call,
                (connection, caller) -> webhooks.delete(connection, caller.tenantId(), id)
                        .compose(deleted -> deleted
                                ? calls.audit(
                                        connection, caller, "webhook.deleted", PublicId.WEBHOOK.format(id), Map.of())
                                : Future.failedFuture(Refusals.notFound()))
                        .map(Reply.noContent()));
    }
}
