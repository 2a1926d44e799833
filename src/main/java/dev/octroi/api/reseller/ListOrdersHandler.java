package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.subscription.Order;
import dev.octroi.subscription.OrderStore;
import io.vertx.core.Future;
import java.util.Optional;

/** {@code GET /orders}: all, or those with a number of the reseller's own. */
final class ListOrdersHandler implements OperationHandler {
    private final TenantCalls calls;
    private final OrderStore orders;

    ListOrdersHandler(TenantCalls calls, OrderStore orders) {
        this.calls = calls;
        this.orders = orders;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        Optional<String> reference = call.query("externalReference");
        return calls.page(
                call,
                "orders/" + reference.orElse(""),
                reference.isEmpty() ? orders::list : ofReference(reference.get()),
                Order::id,
                OrderJson::write);
    }

    private TenantCalls.Source<Order> ofReference(String reference) {
        return (connection, tenantId, beforeId, limit) ->
                orders.listOfReference(connection, tenantId, reference, beforeId, limit);
    }
}
