package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.AccountReader;
import io.vertx.core.Future;
import java.time.InstantSource;

/** {@code GET /subscriptions/{subscriptionId}/explain}: what held at a moment, from which rules, with which inputs. */
final class ExplainHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final AccountReader accounts;
    private final InstantSource clock;

    ExplainHandler(TenantCalls calls, SubscriptionReader reader, AccountReader accounts, InstantSource clock) {
        this.calls = calls;
        this.reader = reader;
        this.accounts = accounts;
        this.clock = clock;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = calls.caller(call).tenantId();
        return ExplanationReply.of(
                call,
                clock.instant(),
                at -> reader.find(call)
                        .compose(subscription -> accounts.explain(tenantId, subscription.accountId(), at)));
    }
}
