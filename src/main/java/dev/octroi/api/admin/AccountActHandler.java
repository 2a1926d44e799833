package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.AccountCommand;
import dev.octroi.quota.Accounts;
import io.vertx.core.Future;
import java.util.function.Function;

/**
 * Acts on an account for a reason: suspend, resume, lift, credit. Each act repeated changes nothing (a credit carries a
 * reference of its key), so that a request that broke off between the account's commit and that of its answer may be
 * sent again.
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
                        () -> accounts.submit(key, command)
                                .map(AccountCalls::account)
                                .map(account -> Reply.ok(AccountStateJson.write(account)))));
    }
}
