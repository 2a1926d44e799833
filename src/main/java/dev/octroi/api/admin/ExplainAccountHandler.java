package dev.octroi.api.admin;

import dev.octroi.api.reseller.ExplanationReply;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.AccountReader;
import io.vertx.core.Future;
import java.time.InstantSource;

/** {@code GET /tenants/{tenantId}/subscriptions/{subscriptionId}/explain}: what held at a moment, for support. */
final class ExplainAccountHandler implements OperationHandler {
    private final AccountCalls calls;
    private final AccountReader accounts;
    private final InstantSource clock;

    ExplainAccountHandler(AccountCalls calls, AccountReader accounts, InstantSource clock) {
        this.calls = calls;
        this.accounts = accounts;
        this.clock = clock;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return ExplanationReply.of(
                call,
                clock.instant(),
                at -> calls.key(call).compose(key -> accounts.explain(key.tenantId(), key.accountId(), at)));
    }
}
