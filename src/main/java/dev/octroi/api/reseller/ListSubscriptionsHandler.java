package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.AccountReader;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionStore;
import io.vertx.core.Future;
import java.util.Optional;

/** {@code GET /subscriptions}: all, or those of one order. */
final class ListSubscriptionsHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionStore subscriptions;
    private final SubscriptionList list;

    ListSubscriptionsHandler(TenantCalls calls, SubscriptionStore subscriptions, AccountReader accounts) {
        this.calls = calls;
        this.subscriptions = subscriptions;
        this.list = new SubscriptionList(accounts);
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        Optional<String> order = call.query("orderId");
        TenantCalls.Source<Subscription> source = order.isEmpty() ? subscriptions::list : ofOrder(order.get());
        return calls.page(
                call,
                "subscriptions/" + order.orElse(""),
                (connection, tenantId, beforeId, limit) -> source.fetch(connection, tenantId, beforeId, limit)
                        .compose(found -> list.of(connection, tenantId, found)),
                each -> each.subscription().id(),
                SubscriptionList.Listed::json);
    }

    private TenantCalls.Source<Subscription> ofOrder(String order) {
        long orderId = PublicId.ORDER.parse(order).orElse(-1);
        return (connection, tenantId, beforeId, limit) ->
                subscriptions.listOfOrder(connection, tenantId, orderId, beforeId, limit);
    }
}
