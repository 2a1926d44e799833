package dev.octroi.api.reseller;

import dev.octroi.access.Principal;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.subscription.Subscription;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** {@code POST /subscriptions/{subscriptionId}/member-cap}: the most that one member of a shared account may use. */
final class SetMemberCapHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final Accounts accounts;

    SetMemberCapHandler(TenantCalls calls, SubscriptionReader reader, Accounts accounts) {
        this.calls = calls;
        this.reader = reader;
        this.accounts = accounts;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        // A change may loosen what held, so the credential must be for both.
        TargetLimits.require(Principal.of(call.context()), "pause");
        TargetLimits.require(Principal.of(call.context()), "lift");
        return calls.once(
                call,
                (connection, caller) -> reader.find(call, connection)
                        .compose(subscription -> set(caller, subscription, cap(call.body())))
                        .map(account -> Reply.ok(AccountJson.balance(account))));
    }

    private Future<AccountView> set(Caller caller, Subscription subscription, @Nullable MemberCap cap) {
        AccountKey key = new AccountKey(caller.tenantId(), subscription.accountId());
        return accounts.submit(key, new AccountCommand.SetMemberCap(cap, caller.actor()))
                .map(Refusals::account);
    }

    private static @Nullable MemberCap cap(JsonObject body) {
        JsonObject cap = body.getJsonObject("cap");
        return cap == null ? null : SharingJson.readCap(cap);
    }
}
