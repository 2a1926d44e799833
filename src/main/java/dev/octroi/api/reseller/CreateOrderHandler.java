package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.subscription.OrderDesk;
import dev.octroi.subscription.OrderRequest;
import dev.octroi.subscription.Placement;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

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
        OrderRequest request = request(call.body());
        return calls.once(
                        call,
                        (connection, caller) -> desk.place(connection, caller.tenantId(), request)
                                .map(CreateOrderHandler::reply))
                .onSuccess(reply -> desk.placed());
    }

    private static Reply reply(Placement placement) {
        return switch (placement) {
            case Placement.Placed placed ->
                Reply.created(
                        "/v1/orders/" + PublicId.ORDER.format(placed.order().id()), OrderJson.write(placed.order()));
            case Placement.Refused refused ->
                throw Refusals.unprocessable(
                        refused.reason().word(), refused.reason().sentence());
        };
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
