package dev.octroi.api.admin;

import dev.octroi.api.reseller.Reasons;
import dev.octroi.api.reseller.Refusals;
import dev.octroi.api.reseller.TargetLimits;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.subscription.ProfileSource;
import dev.octroi.subscription.ProfileSource.Withdrawal;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionStore;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * {@code POST /tenants/{tenantId}/subscriptions/{subscriptionId}/leave}: support takes a member out of its shared account. As at
 * the reseller's own, the activation code works no more unless another SM-DP+ keeps the profile. Account, profile and answer
 * commit one after the other; leaving and withdrawing twice change nothing, so a request that broke off may be sent again.
 */
final class LeaveSharedHandler implements OperationHandler {
    private static final String BY = "admin";

    private final AdminCalls calls;
    private final AccountCalls accountCalls;
    private final Accounts accounts;
    private final SubscriptionStore subscriptions;
    private final ProfileSource profiles;

    LeaveSharedHandler(
            AdminCalls calls,
            AccountCalls accountCalls,
            Accounts accounts,
            SubscriptionStore subscriptions,
            ProfileSource profiles) {
        this.calls = calls;
        this.accountCalls = accountCalls;
        this.accounts = accounts;
        this.subscriptions = subscriptions;
        this.profiles = profiles;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        TargetLimits.require(AdminCalls.principal(call), "suspend");
        String reason = Reasons.read(call.body());
        long id = PublicId.SUBSCRIPTION.parse(call.path("subscriptionId")).orElseThrow(AdminCalls::notFound);
        return accountCalls
                .keyToChange(call)
                .compose(key -> calls.onceBeside(
                        call,
                        key.tenantId(),
                        begunBefore -> Future.succeededFuture(() -> leave(call, key, reason)
                                .compose(account -> withdraw(key, id, reason).map(withdrawn -> {
                                    withdrawn.ifPresent(done -> done.committed().run());
                                    return Reply.ok(AccountStateJson.write(account));
                                })))));
    }

    private Future<AccountView> leave(ApiCall call, AccountKey key, String reason) {
        return accounts.submit(key, new AccountCommand.LeaveShared(reason, AccountCalls.actor(call)))
                .map(Refusals::account);
    }

    private Future<Optional<Withdrawal>> withdraw(AccountKey key, long subscriptionId, String reason) {
        int tenantId = key.tenantId();
        return calls.run(connection -> subscriptions
                .hold(connection, tenantId, subscriptionId)
                .map(found -> found.orElseThrow(AdminCalls::notFound))
                .map(Subscription::profileId)
                .compose(profileId -> profiles.withdraw(connection, tenantId, profileId, BY, reason)));
    }
}
