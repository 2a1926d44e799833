package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

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
                                call,
                                (connection, caller) -> reader.profile(connection, caller, subscription)
                                        .compose(profile -> reader.link(connection, call, subscription)
                                                .map(link -> reply(
                                                        SubscriptionJson.write(subscription, account, profile),
                                                        link))))));
    }

    private static Reply reply(JsonObject json, Optional<String> link) {
        link.ifPresent(url -> json.put("selfCareUrl", url));
        return Reply.ok(json);
    }
}
