package dev.octroi.api.reseller;

import dev.octroi.access.Principal;
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
import io.vertx.core.Future;
import java.util.Optional;

/**
 * {@code POST /subscriptions/{subscriptionId}/leave}: a member leaves the shared account. Its activation code works no more,
 * unless another SM-DP+ keeps the profile. Account, profile and answer commit one after the other, so that no connection is held
 * that the account's lane may need; leaving and withdrawing twice change nothing, so a request that broke off may be sent again.
 */
final class LeaveSharedHandler implements OperationHandler {
    private static final String BY = "reseller";

    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final Accounts accounts;
    private final ProfileSource profiles;

    LeaveSharedHandler(TenantCalls calls, SubscriptionReader reader, Accounts accounts, ProfileSource profiles) {
        this.calls = calls;
        this.reader = reader;
        this.accounts = accounts;
        this.profiles = profiles;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        TargetLimits.require(Principal.of(call.context()), "suspend");
        String reason = Reasons.read(call.body());
        return calls.once(
                call,
                (connection, caller) -> reader.find(call, connection)
                        .compose(found -> leave(caller, found, reason))
                        .compose(account -> withdraw(call, caller, reason)
                                .compose(subscription -> reader.reply(call, connection, subscription, account))));
    }

    private Future<AccountView> leave(Caller caller, Subscription subscription, String reason) {
        AccountKey key = new AccountKey(caller.tenantId(), subscription.accountId());
        return accounts.submit(key, new AccountCommand.LeaveShared(reason, caller.actor()))
                .map(Refusals::account);
    }

    /** Goes by the profile that the subscription has by now: another request may be about to replace it. */
    private Future<Subscription> withdraw(ApiCall call, Caller caller, String reason) {
        return calls.asWorker(connection -> reader.hold(call, connection)
                        .compose(subscription -> profiles.withdraw(
                                        connection, caller.tenantId(), subscription.profileId(), BY, reason)
                                .map(withdrawn -> new Left(subscription, withdrawn))))
                .map(left -> {
                    left.withdrawal().ifPresent(done -> done.committed().run());
                    return left.subscription();
                });
    }

    private record Left(Subscription subscription, Optional<Withdrawal> withdrawal) {}
}
