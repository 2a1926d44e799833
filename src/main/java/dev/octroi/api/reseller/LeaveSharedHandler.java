package dev.octroi.api.reseller;

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
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /subscriptions/{subscriptionId}/leave}: a member leaves the shared account. Its activation code works no more,
 * unless another SM-DP+ keeps the profile. Leaving twice changes nothing, so that a request that broke off between the account's
 * commit and that of its answer may be sent again.
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
        AtomicReference<@Nullable Runnable> committed = new AtomicReference<>();
        String reason = call.body().getString("reason");
        return calls.onceAsWorker(
                        call,
                        (connection, caller) -> reader.find(call, connection)
                                .compose(subscription -> leave(caller, subscription, reason)
                                        .compose(account -> withdraw(connection, caller, subscription, reason)
                                                .compose(withdrawn -> {
                                                    withdrawn.ifPresent(done -> committed.set(done.committed()));
                                                    return reader.reply(call, connection, subscription, account);
                                                }))))
                .onSuccess(reply -> {
                    Runnable after = committed.get();
                    if (after != null) {
                        after.run();
                    }
                });
    }

    private Future<AccountView> leave(Caller caller, Subscription subscription, String reason) {
        AccountKey key = new AccountKey(caller.tenantId(), subscription.accountId());
        return accounts.submit(key, new AccountCommand.LeaveShared(reason, caller.actor()))
                .map(Refusals::account);
    }

    private Future<Optional<Withdrawal>> withdraw(
            SqlConnection connection, Caller caller, Subscription subscription, String reason) {
        return profiles.withdraw(connection, caller.tenantId(), subscription.profileId(), BY, reason);
    }
}
