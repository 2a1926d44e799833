package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.rsp.order.StockStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** {@code GET /tenants/{tenantId}/profile-stock}. */
final class CountProfilesHandler implements OperationHandler {
    private final AdminCalls calls;
    private final StockStore stock;

    CountProfilesHandler(AdminCalls calls, StockStore stock) {
        this.calls = calls;
        this.stock = stock;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        return calls.run(connection ->
                        calls.requireTenant(connection, tenantId).compose(found -> stock.counts(connection, tenantId)))
                .map(counts -> {
                    JsonArray items = new JsonArray();
                    counts.forEach(count -> items.add(new JsonObject()
                            .put("profileType", count.profileType())
                            .put("state", count.state().text())
                            .put("count", count.count())));
                    return Reply.ok(new JsonObject().put("items", items));
                });
    }
}
