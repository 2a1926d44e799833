package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;

/** {@code GET /subscriptions/{subscriptionId}}. */
final class GetSubscriptionHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionReader reader;

    GetSubscriptionHandler(TenantCalls calls, SubscriptionReader reader) {
        this.calls = calls;
        this.reader = reader;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return reader.find(call)
                .compose(subscription -> reader.account(calls.caller(call), subscription)
                        .compose(account -> calls.run(
                                call, (connection, caller) -> reader.reply(call, connection, subscription, account))));
    }
}
