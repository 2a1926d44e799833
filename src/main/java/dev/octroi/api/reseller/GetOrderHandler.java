package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.subscription.OrderStore;
import io.vertx.core.Future;

/** {@code GET /orders/{orderId}}. */
final class GetOrderHandler implements OperationHandler {
    private final TenantCalls calls;
    private final OrderStore orders;

    GetOrderHandler(TenantCalls calls, OrderStore orders) {
        this.calls = calls;
        this.orders = orders;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        long id = PathIds.order(call);
        return calls.run(
                call,
                (connection, caller) -> orders.find(connection, caller.tenantId(), id)
                        .map(found -> found.orElseThrow(Refusals::notFound))
                        .map(order -> Reply.ok(OrderJson.write(order))));
    }
}
