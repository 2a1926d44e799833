package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import dev.octroi.subscription.Subscription;
import io.vertx.core.Future;
import java.util.List;

/**
 * {@code POST /subscriptions/{subscriptionId}/pause}, {@code /suspend} and {@code /resume}: one or more acts, of which
 * at least one has to find something to do. An act repeated changes nothing, so that a request that broke off between
 * the account's commit and that of its answer may be sent again.
 */
final class AccountActHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final Accounts accounts;
    private final List<AccountAct> acts;

    AccountActHandler(TenantCalls calls, SubscriptionReader reader, Accounts accounts, List<AccountAct> acts) {
        this.calls = calls;
        this.reader = reader;
        this.accounts = accounts;
        this.acts = List.copyOf(acts);
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return calls.once(
                call,
                (connection, caller) -> reader.find(call, connection)
                        .compose(subscription -> act(call, caller, subscription)
                                .compose(account -> reader.reply(call, connection, subscription, account))));
    }

    private Future<AccountView> act(ApiCall call, Caller caller, Subscription subscription) {
        AccountKey key = new AccountKey(caller.tenantId(), subscription.accountId());
        String note = call.body().getString("note");
        Future<Outcome> last = Future.failedFuture(new IllegalStateException("no act"));
        for (AccountAct act : acts) {
            String reason = note == null ? act.usualReason() : note;
            Future<Outcome> before = last;
            last = before.transform(earlier -> accounts.submit(key, act.command(reason, caller.actor()))
                    .map(outcome -> better(earlier.succeeded() ? earlier.result() : outcome, outcome)));
        }
        return last.map(Refusals::account);
    }

    /** Of two outcomes the one that did something; a later account is the newer one. */
    private static Outcome better(Outcome earlier, Outcome later) {
        boolean nothing = later instanceof Outcome.Refused refused && refused.code() == Refusal.NOTHING_HELD;
        return nothing ? earlier : later;
    }
}
