package dev.octroi.api.reseller;

import dev.octroi.callback.webhook.Webhooks;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors.Position;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Page;
import dev.octroi.http.Reply;
import io.vertx.core.Future;

/** {@code GET /webhooks/{webhookId}/deliveries}. */
final class WebhookDeliveriesHandler implements OperationHandler {
    private final TenantCalls calls;
    private final Webhooks webhooks;

    WebhookDeliveriesHandler(TenantCalls calls, Webhooks webhooks) {
        this.calls = calls;
        this.webhooks = webhooks;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = calls.caller(call).tenantId();
        long id = PathIds.webhook(call);
        int limit = TenantCalls.limit(call);
        String state = call.query("state").orElse("");
        String list = tenantId + "/deliveries/" + id + "/" + state;
        long before = calls.cursors().after(call, list).map(Position::id).orElse(Long.MAX_VALUE);
        return webhooks.find(tenantId, id)
                .map(found -> found.orElseThrow(Refusals::notFound))
                .compose(found -> webhooks.deliveries(tenantId, id, state, before, limit + 1))
                .map(deliveries -> Page.reply(
                        call,
                        deliveries,
                        limit,
                        calls.cursors(),
                        list,
                        WebhookJson::write,
                        delivery -> new Position("", delivery.eventId())));
    }
}
