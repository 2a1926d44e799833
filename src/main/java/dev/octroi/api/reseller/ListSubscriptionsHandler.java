package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionStore;
import io.vertx.core.Future;
import java.util.Optional;

/** {@code GET /subscriptions}: all, or those of one order. */
final class ListSubscriptionsHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionStore subscriptions;

    ListSubscriptionsHandler(TenantCalls calls, SubscriptionStore subscriptions) {
        this.calls = calls;
        this.subscriptions = subscriptions;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        Optional<String> order = call.query("orderId");
        return calls.page(
                call,
                "subscriptions/" + order.orElse(""),
                order.isEmpty() ? subscriptions::list : ofOrder(order.get()),
                Subscription::id,
                SubscriptionJson::summary);
    }

    private TenantCalls.Source<Subscription> ofOrder(String order) {
        long orderId = PublicId.ORDER.parse(order).orElse(-1);
        return (connection, tenantId, beforeId, limit) ->
                subscriptions.listOfOrder(connection, tenantId, orderId, beforeId, limit);
    }
}
