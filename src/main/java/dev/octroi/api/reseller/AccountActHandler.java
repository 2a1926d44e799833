package dev.octroi.api.reseller;

import dev.octroi.access.Principal;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import dev.octroi.subscription.Subscription;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * {@code POST /subscriptions/{subscriptionId}/pause}, {@code /suspend} and {@code /resume}: the first of one or more acts that
 * finds something to do. To pause or suspend again changes nothing, so that a request that broke off between the account's
 * commit and that of its answer may be sent again; to resume again goes a step further.
 */
final class AccountActHandler implements OperationHandler {
    private static final Set<Refusal> FOUND_NOTHING = Set.of(Refusal.NOTHING_HELD, Refusal.NOT_ALLOWED);
    private static final Outcome NOTHING =
            new Outcome.Refused(Refusal.NOTHING_HELD, "Nothing is paused or suspended by the reseller.");

    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final Accounts accounts;
    private final Function<JsonObject, List<AccountAct>> acts;

    /** @param acts those of a body, in the order in which they are tried */
    AccountActHandler(
            TenantCalls calls,
            SubscriptionReader reader,
            Accounts accounts,
            Function<JsonObject, List<AccountAct>> acts) {
        this.calls = calls;
        this.reader = reader;
        this.accounts = accounts;
        this.acts = acts;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        for (AccountAct act : acts.apply(call.body())) {
            TargetLimits.require(Principal.of(call.context()), act.target());
        }
        return calls.once(
                call,
                (connection, caller) -> reader.find(call, connection)
                        .compose(subscription -> act(call, caller, subscription)
                                .compose(account -> reader.reply(call, connection, subscription, account))));
    }

    private Future<AccountView> act(ApiCall call, Caller caller, Subscription subscription) {
        AccountKey key = new AccountKey(caller.tenantId(), subscription.accountId());
        String note = call.body().getString("note");
        Future<Outcome> last = Future.succeededFuture(NOTHING);
        for (AccountAct act : acts.apply(call.body())) {
            AccountCommand command = act.command(note == null ? act.usualReason() : note, caller.actor());
            last = last.compose(
                    earlier -> earlier instanceof Outcome.Refused refused && FOUND_NOTHING.contains(refused.code())
                            ? accounts.submit(key, command).map(later -> better(refused, later))
                            : Future.succeededFuture(earlier));
        }
        return last.map(Refusals::account);
    }

    /** Of two refusals the one that says more than that there is nothing to do. */
    private static Outcome better(Outcome.Refused earlier, Outcome later) {
        boolean nothing = later instanceof Outcome.Refused refused && refused.code() == Refusal.NOTHING_HELD;
        return nothing ? earlier : later;
    }
}
