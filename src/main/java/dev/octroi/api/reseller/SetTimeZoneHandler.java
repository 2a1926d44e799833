package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.subscription.Subscription;
import io.vertx.core.Future;
import java.time.ZoneId;

/** {@code POST /subscriptions/{subscriptionId}/time-zone}: the traveller's days end at another midnight, from the next on. */
final class SetTimeZoneHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final Accounts accounts;

    SetTimeZoneHandler(TenantCalls calls, SubscriptionReader reader, Accounts accounts) {
        this.calls = calls;
        this.reader = reader;
        this.accounts = accounts;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        TenantCalls.key(call, calls.caller(call));
        ZoneId zone = TimeZones.read(call.body().getString("timeZone"));
        return calls.once(
                call,
                (connection, caller) -> reader.find(call, connection)
                        .map(Refusals::remembered)
                        .compose(subscription -> set(caller, subscription, zone)
                                .compose(account -> reader.reply(call, connection, subscription, account))));
    }

    private Future<AccountView> set(Caller caller, Subscription subscription, ZoneId zone) {
        AccountKey key = new AccountKey(caller.tenantId(), subscription.accountId());
        return accounts.submit(key, new AccountCommand.SetTimeZone(zone, caller.actor()))
                .map(Refusals::account);
    }
}
