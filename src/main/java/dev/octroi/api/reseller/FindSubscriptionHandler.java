package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.subscription.SubscriptionStore;
import io.vertx.core.Future;

/** {@code POST /subscriptions/find}: the ICCID is in the body, so that no log of addresses has it. */
final class FindSubscriptionHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionStore subscriptions;
    private final BlindIndex index;

    FindSubscriptionHandler(TenantCalls calls, SubscriptionStore subscriptions, BlindIndex index) {
        this.calls = calls;
        this.subscriptions = subscriptions;
        this.index = index;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        // It changes nothing and needs no memory of the key, which every POST has to bring all the same.
        TenantCalls.key(call, calls.caller(call));
        byte[] iccid = index.network(IdentifierKind.ICCID, call.body().getString("iccid"));
        return calls.run(call, (connection, caller) -> subscriptions.findByIccid(connection, caller.tenantId(), iccid))
                .map(found -> Reply.ok(SubscriptionJson.summary(
                        found.orElseThrow(Refusals::notFound).subscription())));
    }
}
