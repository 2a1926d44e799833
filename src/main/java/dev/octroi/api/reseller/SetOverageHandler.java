package dev.octroi.api.reseller;

import dev.octroi.catalog.Money;
import dev.octroi.catalog.Overage;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.OverageView;
import dev.octroi.subscription.Subscription;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /subscriptions/{subscriptionId}/overage}: the traveller's word on being charged for use beyond the volume, as
 * the reseller took it. Who said it, when and to which words is kept in the audit log.
 */
final class SetOverageHandler implements OperationHandler {
    private static final String UNNAMED_TEXT = "unnamed";

    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final Accounts accounts;

    SetOverageHandler(TenantCalls calls, SubscriptionReader reader, Accounts accounts) {
        this.calls = calls;
        this.reader = reader;
        this.accounts = accounts;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        // Before a connection is held for the key: who holds one while waiting for a second may wait for himself.
        TenantCalls.key(call, calls.caller(call));
        return command(call)
                .compose(command -> calls.once(
                        call,
                        (connection, caller) -> reader.find(call, connection)
                                .map(Refusals::remembered)
                                .compose(subscription -> submit(caller, subscription, command))
                                .map(account -> Reply.ok(AccountJson.balance(account)))));
    }

    private Future<AccountView> submit(Caller caller, Subscription subscription, AccountCommand command) {
        AccountKey key = new AccountKey(caller.tenantId(), subscription.accountId());
        return accounts.submit(key, command).map(Refusals::account);
    }

    /** A limit is read with the plan's ceiling, which stays what it was when the plan was sold. */
    private Future<AccountCommand> command(ApiCall call) {
        Caller caller = calls.caller(call);
        JsonObject limit = call.body().getJsonObject("monthlyLimit");
        if (!call.body().getBoolean("agreed")) {
            return Future.succeededFuture(new AccountCommand.DeclineOverage(caller.actor()));
        }
        Future<Long> limitMinor = limit == null
                ? Future.succeededFuture(0L)
                : reader.find(call)
                        .map(Refusals::remembered)
                        .compose(subscription -> reader.account(caller, subscription))
                        .map(account -> minor(money(limit), account.overage()));
        String textVersion = call.body().getString("textVersion", UNNAMED_TEXT);
        return limitMinor.map(minor -> new AccountCommand.AgreeOverage(minor, textVersion, caller.actor()));
    }

    private static Money money(JsonObject limit) {
        try {
            return MoneyJson.read(limit);
        } catch (IllegalArgumentException e) {
            throw Refusals.unprocessable("invalid_limit", "The limit is no amount in a known currency");
        }
    }

    private static long minor(Money limit, @Nullable OverageView overage) {
        if (overage != null && !limit.currency().equals(overage.ceiling().currency())) {
            throw Refusals.unprocessable("other_currency", "The limit is in another currency than the plan");
        }
        try {
            long minor = Overage.minor(limit);
            if (minor >= 1 && (overage == null || minor <= Overage.minor(overage.ceiling()))) {
                return minor;
            }
        } catch (IllegalArgumentException e) {
            throw Refusals.unprocessable("invalid_limit", String.valueOf(e.getMessage()));
        }
        throw Refusals.unprocessable("invalid_limit", "The limit is above nothing and not above the plan's ceiling");
    }
}
