package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.subscription.Order;
import dev.octroi.subscription.OrderDesk;
import dev.octroi.subscription.OrderRequest;
import dev.octroi.subscription.Placement;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;

/** {@code POST /orders}. */
final class CreateOrderHandler implements OperationHandler {
    private final TenantCalls calls;
    private final OrderDesk desk;

    CreateOrderHandler(TenantCalls calls, OrderDesk desk) {
        this.calls = calls;
        this.desk = desk;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        TenantCalls.key(call, calls.caller(call));
        OrderRequest request = request(call.body());
        return calls.once(
                        call,
                        (connection, caller) -> desk.place(connection, caller.tenantId(), request)
                                .map(CreateOrderHandler::placed)
                                .compose(order -> audit(connection, caller, order)))
                .onSuccess(reply -> desk.placed());
    }

    private static Order placed(Placement placement) {
        return switch (placement) {
            case Placement.Placed placed -> placed.order();
            case Placement.Refused refused ->
                throw Refusals.unprocessable(
                        refused.reason().word(), refused.reason().sentence());
        };
    }

    /** Whose order it was is asked when a client has leaked: the order itself keeps only the tenant. */
    private Future<Reply> audit(SqlConnection connection, Caller caller, Order order) {
        String id = PublicId.ORDER.format(order.id());
        return calls.audit(
                        connection,
                        caller,
                        "order.placed",
                        id,
                        Map.of(
                                "plan", PublicId.PLAN.format(order.planId()),
                                "version", order.planVersion(),
                                "quantity", order.quantity(),
                                "total", order.total().amount().toPlainString(),
                                "currency", order.total().currency()))
                .map(Reply.created("/v1/orders/" + id, OrderJson.write(order)));
    }

    private static OrderRequest request(JsonObject body) {
        String quote = body.getString("quoteId");
        String timeZone = body.getString("timeZone");
        String sharedWith = body.getString("sharedWith");
        return new OrderRequest(
                PublicId.PLAN.parse(body.getString("planId")).orElse(-1),
                body.getInteger("quantity", 1),
                quote == null ? null : PublicId.QUOTE.parse(quote).orElse(-1),
                body.getString("externalReference"),
                timeZone == null ? null : TimeZones.read(timeZone),
                sharedWith == null
                        ? null
                        : PublicId.SUBSCRIPTION.parse(sharedWith).orElse(-1),
                body.getString("language", "en"));
    }
}
