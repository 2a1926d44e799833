package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.policy.Rule.Owner;
import dev.octroi.quota.account.AccountView;
import io.vertx.core.Future;

/** {@code GET /subscriptions/{subscriptionId}/rules}. */
final class GetRulesHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionReader reader;

    GetRulesHandler(TenantCalls calls, SubscriptionReader reader) {
        this.calls = calls;
        this.reader = reader;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return reader.find(call)
                .compose(subscription -> reader.account(calls.caller(call), subscription))
                .map(GetRulesHandler::reply);
    }

    /** All rules; the tag is that of the reseller's own. */
    static Reply reply(AccountView account) {
        return Reply.ok(RuleJson.write(account.rules(), Owner.RESELLER)).withHeader("ETag", ETags.of(version(account)));
    }

    /** The version of the reseller's rules. */
    static long version(AccountView account) {
        return account.rulesOf(Owner.RESELLER).version();
    }
}
