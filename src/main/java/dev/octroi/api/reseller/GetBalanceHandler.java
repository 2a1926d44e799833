package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;

/** {@code GET /subscriptions/{subscriptionId}/balance}. */
final class GetBalanceHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionReader reader;

    GetBalanceHandler(TenantCalls calls, SubscriptionReader reader) {
        this.calls = calls;
        this.reader = reader;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return reader.find(call)
                .compose(subscription -> reader.account(calls.caller(call), subscription))
                .map(account -> Reply.ok(AccountJson.balance(account)));
    }
}
