package dev.octroi.api.admin;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.subscription.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * {@code POST /subscriptions/find}: of the caller's tenant; the operator finds those of all. The ICCID is in the body, so that no
 * log of addresses has it.
 */
final class FindSubscriptionHandler implements OperationHandler {
    private final AdminCalls calls;
    private final SubscriptionStore subscriptions;
    private final BlindIndex index;

    FindSubscriptionHandler(AdminCalls calls, SubscriptionStore subscriptions, BlindIndex index) {
        this.calls = calls;
        this.subscriptions = subscriptions;
        this.index = index;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        // It changes nothing and needs no memory of the key.
        AdminCalls.key(call);
        int tenantId = AdminCalls.principal(call).tenantId();
        byte[] iccid = index.network(IdentifierKind.ICCID, call.body().getString("iccid"));
        return calls.run(connection -> subscriptions.findByIccid(connection, tenantId, iccid))
                .map(found -> Reply.ok(json(found.orElseThrow(AdminCalls::notFound))));
    }

    private static JsonObject json(SubscriptionStore.Owned found) {
        return new JsonObject()
                .put("tenantId", TenantJson.id(found.tenantId()))
                .put(
                        "subscriptionId",
                        PublicId.SUBSCRIPTION.format(found.subscription().id()))
                .put("orderId", PublicId.ORDER.format(found.subscription().orderId()));
    }
}
