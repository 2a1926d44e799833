package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;

/** {@code GET /tenants/{tenantId}/subscriptions/{subscriptionId}/state}. */
final class GetAccountStateHandler implements OperationHandler {
    private final AccountCalls accounts;

    GetAccountStateHandler(AccountCalls accounts) {
        this.accounts = accounts;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return accounts.key(call).compose(accounts::view).map(account -> Reply.ok(AccountStateJson.write(account)));
    }
}
