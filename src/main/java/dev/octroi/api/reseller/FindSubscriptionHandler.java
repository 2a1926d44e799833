package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.AccountReader;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.subscription.SubscriptionStore;
import io.vertx.core.Future;
import java.util.List;

/** {@code POST /subscriptions/find}: the ICCID is in the body, so that no log of addresses has it. */
final class FindSubscriptionHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionStore subscriptions;
    private final BlindIndex index;
    private final SubscriptionList list;

    FindSubscriptionHandler(
            TenantCalls calls, SubscriptionStore subscriptions, BlindIndex index, AccountReader accounts) {
        this.calls = calls;
        this.subscriptions = subscriptions;
        this.index = index;
        this.list = new SubscriptionList(accounts);
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        // It changes nothing and needs no memory of the key, which every POST has to bring all the same.
        TenantCalls.key(call, calls.caller(call));
        byte[] iccid = index.network(IdentifierKind.ICCID, call.body().getString("iccid"));
        return calls.run(
                        call,
                        (connection, caller) -> subscriptions
                                .findByIccid(connection, caller.tenantId(), iccid)
                                .map(found ->
                                        found.orElseThrow(Refusals::notFound).subscription())
                                .compose(found -> list.of(connection, caller.tenantId(), List.of(found))))
                .map(found -> Reply.ok(found.getFirst().json()));
    }
}
