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
import dev.octroi.quota.account.Words;
import dev.octroi.subscription.Subscription;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /subscriptions/{subscriptionId}/pause}, {@code /suspend} and {@code /resume}: the first of one or more acts that
 * finds something to do. The account commits apart from the answer. To pause or suspend again changes nothing, so that a request
 * that broke off in between may be sent again; to resume again would go a step further, so that only its first step is, unless
 * the first attempt is known to have ended nothing.
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
        List<AccountAct> steps = acts.apply(call.body());
        for (AccountAct act : steps) {
            TargetLimits.require(Principal.of(call.context()), act.target());
        }
        AtomicBoolean acted = new AtomicBoolean();
        return steps.size() == 1
                ? calls.once(call, work(call, steps, null, acted))
                : calls.onceBeside(
                        call,
                        begunBefore -> begunBefore
                                ? again(call, steps.getFirst(), acted)
                                : Future.succeededFuture(work(call, steps, null, acted)),
                        acted::get);
    }

    /** What ended may have been the suspension: what it hid waits for a call of its own. */
    private Future<TenantWork<Reply>> again(ApiCall call, AccountAct first, AtomicBoolean acted) {
        return reader.find(call)
                .compose(subscription -> reader.account(calls.caller(call), subscription))
                .map(account -> work(call, List.of(first), account, acted));
    }

    /**
     * @param otherwise the account that is told where nothing is found to do; null: that is refused
     * @param acted becomes whether something may have been done
     */
    private TenantWork<Reply> work(
            ApiCall call, List<AccountAct> steps, @Nullable AccountView otherwise, AtomicBoolean acted) {
        return (connection, caller) -> reader.find(call, connection)
                .map(Refusals::sold)
                .compose(subscription -> act(call, caller, subscription, steps, acted)
                        .map(outcome ->
                                otherwise != null && foundNothing(outcome) ? otherwise : Refusals.account(outcome))
                        .compose(account -> reader.reply(call, connection, subscription, account)));
    }

    private Future<Outcome> act(
            ApiCall call, Caller caller, Subscription subscription, List<AccountAct> steps, AtomicBoolean acted) {
        AccountKey key = new AccountKey(caller.tenantId(), subscription.accountId());
        JsonObject body = call.body();
        String note = body.containsKey("note") ? Reasons.read(body, "note", Words.MAX_REASON) : null;
        Future<Outcome> last = Future.succeededFuture(NOTHING);
        for (AccountAct act : steps) {
            AccountCommand command = act.command(note == null ? act.usualReason() : note, caller.actor());
            last = last.compose(earlier -> earlier instanceof Outcome.Refused refused && foundNothing(refused)
                    ? submit(key, command, acted).map(later -> better(refused, later))
                    : Future.succeededFuture(earlier));
        }
        return last;
    }

    /** What is refused has done nothing; what fails may have been done. */
    private Future<Outcome> submit(AccountKey key, AccountCommand command, AtomicBoolean acted) {
        acted.set(true);
        return accounts.submit(key, command).onSuccess(outcome -> acted.set(!(outcome instanceof Outcome.Refused)));
    }

    private static boolean foundNothing(Outcome outcome) {
        return outcome instanceof Outcome.Refused refused && FOUND_NOTHING.contains(refused.code());
    }

    /** Of two refusals the one that says more than that there is nothing to do. */
    private static Outcome better(Outcome.Refused earlier, Outcome later) {
        boolean nothing = later instanceof Outcome.Refused refused && refused.code() == Refusal.NOTHING_HELD;
        return nothing ? earlier : later;
    }
}
