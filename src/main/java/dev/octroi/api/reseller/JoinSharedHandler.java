package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/**
 * {@code POST /subscriptions/{subscriptionId}/join}: a subscription whose own volume is over goes on with another one's of the same
 * plan. Joining twice changes nothing, so that a request that broke off may be sent again.
 */
final class JoinSharedHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionStore subscriptions;
    private final Accounts accounts;

    JoinSharedHandler(TenantCalls calls, SubscriptionStore subscriptions, Accounts accounts) {
        this.calls = calls;
        this.subscriptions = subscriptions;
        this.accounts = accounts;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return calls.once(
                call,
                (connection, caller) -> subscriptions
                        .findUncancellable(connection, caller.tenantId(), PathIds.subscription(call))
                        .map(found -> Refusals.sold(found.orElseThrow(Refusals::notFound)))
                        .compose(subscription -> owner(connection, caller, call, subscription)
                                .compose(owner -> join(caller, subscription, owner)))
                        .map(account -> Reply.ok(AccountJson.balance(account))));
    }

    private Future<Subscription> owner(
            SqlConnection connection, Caller caller, ApiCall call, Subscription subscription) {
        long id =
                PublicId.SUBSCRIPTION.parse(call.body().getString("sharedWith")).orElse(-1);
        return subscriptions
                .findUncancellable(connection, caller.tenantId(), id)
                .map(found -> {
                    Subscription owner = found.orElseThrow(() ->
                            Refusals.unprocessable("unknown_shared", "There is no such subscription to share with"));
                    if (owner.planId() != subscription.planId() || owner.planVersion() != subscription.planVersion()) {
                        throw Refusals.unprocessable(
                                "plan_mismatch", "Only subscriptions of one plan as sold share a volume");
                    }
                    return Refusals.sold(owner);
                });
    }

    private Future<AccountView> join(Caller caller, Subscription subscription, Subscription owner) {
        AccountKey key = new AccountKey(caller.tenantId(), subscription.accountId());
        AccountKey volume = new AccountKey(caller.tenantId(), owner.accountId());
        return accounts.submit(key, new AccountCommand.JoinShared(volume, caller.actor()))
                .map(Refusals::account);
    }
}
