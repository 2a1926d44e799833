package dev.octroi.api.admin;

import dev.octroi.api.reseller.Refusals;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.subscription.Subscription;
import io.vertx.core.Future;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Acts on an account for a reason: suspend, resume, lift, credit. The account's change commits apart from the answer; where a
 * request broke off in between and comes again, what it asked for is there already and is answered without a second change. A
 * credit is known by a reference of its key besides.
 */
final class AccountActHandler implements OperationHandler {
    private final AdminCalls calls;
    private final AccountCalls accountCalls;
    private final Accounts accounts;
    private final Function<ApiCall, AccountCommand> act;

    AccountActHandler(
            AdminCalls calls, AccountCalls accountCalls, Accounts accounts, Function<ApiCall, AccountCommand> act) {
        this.calls = calls;
        this.accountCalls = accountCalls;
        this.accounts = accounts;
        this.act = act;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        AccountCommand command = act.apply(call);
        int tenantId = AdminCalls.tenantInPath(call);
        return accountCalls
                .subscription(call)
                .compose(subscription -> calls.onceBeside(
                        call,
                        tenantId,
                        begunBefore -> begunBefore
                                ? unlessDone(tenantId, subscription, command)
                                : Future.succeededFuture(() -> submit(tenantId, subscription, command))));
    }

    private Future<Supplier<Future<Reply>>> unlessDone(
            int tenantId, Subscription subscription, AccountCommand command) {
        return accountCalls
                .view(new AccountKey(tenantId, subscription.accountId()))
                .map(view -> AccountActs.isDone(view, command)
                        ? () -> Future.succeededFuture(Reply.ok(AccountStateJson.write(view)))
                        : () -> submit(tenantId, subscription, command));
    }

    /** Nothing is given back or added to a sale that was taken back and maybe paid back; to hold more of it stays allowed. */
    private Future<Reply> submit(int tenantId, Subscription subscription, AccountCommand command) {
        Refusals.remembered(subscription);
        if (command instanceof AccountCommand.Credit || command instanceof AccountCommand.Lift) {
            Refusals.sold(subscription);
        }
        AccountKey key = new AccountKey(tenantId, subscription.accountId());
        return accounts.submit(key, command)
                .map(Refusals::account)
                .map(account -> Reply.ok(AccountStateJson.write(account)));
    }
}
