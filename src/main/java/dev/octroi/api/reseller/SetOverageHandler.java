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
        return calls.once(
                call,
                (connection, caller) -> reader.find(call, connection)
                        .compose(subscription -> set(call, caller, subscription))
                        .map(account -> Reply.ok(AccountJson.balance(account))));
    }

    private Future<AccountView> set(ApiCall call, Caller caller, Subscription subscription) {
        AccountKey key = new AccountKey(caller.tenantId(), subscription.accountId());
        return reader.account(caller, subscription)
                .compose(account -> accounts.submit(key, command(call.body(), account, caller)))
                .map(Refusals::account);
    }

    private static AccountCommand command(JsonObject body, AccountView account, Caller caller) {
        if (!body.getBoolean("agreed")) {
            return new AccountCommand.DeclineOverage(caller.actor());
        }
        JsonObject limit = body.getJsonObject("monthlyLimit");
        return new AccountCommand.AgreeOverage(
                limit == null ? 0 : minor(MoneyJson.read(limit), account.overage()),
                body.getString("textVersion", UNNAMED_TEXT),
                caller.actor());
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
