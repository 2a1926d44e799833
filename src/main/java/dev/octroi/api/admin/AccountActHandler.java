package dev.octroi.api.admin;

import dev.octroi.api.reseller.Refusals;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
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
        return accountCalls
                .key(call)
                .compose(key -> calls.onceBeside(
                        call,
                        key.tenantId(),
                        begunBefore -> begunBefore
                                ? unlessDone(key, command)
                                : Future.succeededFuture(() -> submit(key, command))));
    }

    private Future<Supplier<Future<Reply>>> unlessDone(AccountKey key, AccountCommand command) {
        return accountCalls
                .view(key)
                .map(view -> AccountActs.isDone(view, command)
                        ? () -> Future.succeededFuture(Reply.ok(AccountStateJson.write(view)))
                        : () -> submit(key, command));
    }

    private Future<Reply> submit(AccountKey key, AccountCommand command) {
        return accounts.submit(key, command)
                .map(Refusals::account)
                .map(account -> Reply.ok(AccountStateJson.write(account)));
    }
}
