package dev.octroi.api.reseller;

import dev.octroi.access.Principal;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.ProblemException;
import dev.octroi.http.Reply;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.SharedView;
import dev.octroi.subscription.Cancellation;
import dev.octroi.subscription.Cancellations;
import dev.octroi.subscription.Subscription;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;

/**
 * {@code POST /subscriptions/{subscriptionId}/cancel}: a sale is taken back. Profile, mark, event and audit commit first and at once;
 * then the account is suspended, and a member leaves. All of it changes nothing when it is done again, so a request that broke
 * off in between may be sent again; and in between there is no SIM that could use data.
 */
final class CancelSubscriptionHandler implements OperationHandler {
    private static final String BY = "reseller";

    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final Accounts accounts;
    private final Cancellations cancellations;

    CancelSubscriptionHandler(
            TenantCalls calls, SubscriptionReader reader, Accounts accounts, Cancellations cancellations) {
        this.calls = calls;
        this.reader = reader;
        this.accounts = accounts;
        this.cancellations = cancellations;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        TargetLimits.require(Principal.of(call.context()), "suspend");
        Caller caller = calls.caller(call);
        TenantCalls.key(call, caller);
        String reason = Reasons.read(call.body());
        return calls.once(
                call,
                (connection, again) -> cancel(call, caller, reason)
                        .compose(done -> hold(caller, done.account(), reason)
                                .compose(after -> reader.reply(
                                        call, connection, done.cancelled().subscription(), after))));
    }

    /** The account is read while the subscription is held: whoever joins has joined by then, or finds it cancelled. */
    private Future<Marked> cancel(ApiCall call, Caller caller, String reason) {
        return calls.asWorker(connection -> reader.hold(call, connection)
                        .compose(subscription -> reader.account(connection, caller, subscription)
                                .compose(account -> mark(connection, caller, subscription, account, reason)
                                        .map(cancelled -> new Marked(cancelled, account)))))
                .onSuccess(marked -> marked.cancelled().committed().run());
    }

    private Future<Cancellation.Cancelled> mark(
            SqlConnection connection, Caller caller, Subscription subscription, AccountView account, String reason) {
        if (subscription.cancelledAt() == null) {
            requireUnused(account);
        }
        return cancellations
                .cancel(connection, caller.tenantId(), subscription, BY, reason)
                .compose(outcome -> settled(connection, caller, outcome, reason));
    }

    private record Marked(Cancellation.Cancelled cancelled, AccountView account) {}

    private Future<Cancellation.Cancelled> settled(
            SqlConnection connection, Caller caller, Cancellation outcome, String reason) {
        return switch (outcome) {
            case Cancellation.Refused refused -> Future.failedFuture(problem(refused.reason()));
            case Cancellation.Cancelled cancelled ->
                cancelled.isNew()
                        ? audit(connection, caller, cancelled.subscription(), reason)
                                .map(cancelled)
                        : Future.succeededFuture(cancelled);
        };
    }

    private Future<Void> audit(SqlConnection connection, Caller caller, Subscription subscription, String reason) {
        return calls.audit(
                connection,
                caller,
                "subscription.cancelled",
                PublicId.SUBSCRIPTION.format(subscription.id()),
                reason,
                Map.of("profile", PublicId.PROFILE.format(subscription.profileId())));
    }

    /** A profile that was replaced may have been on a card before, and others may live on the volume. */
    private static void requireUnused(AccountView account) {
        SharedView shared = account.shared();
        if (shared != null && shared.isOwner() && shared.members() > 1) {
            throw Refusals.conflict("has_members", "Others draw from its volume; they have to leave first");
        }
        if (!account.isUnused()) {
            throw Refusals.conflict("volume_used", "Data was used");
        }
    }

    private static ProblemException problem(Cancellation.Reason reason) {
        return switch (reason) {
            case ON_A_CARD -> Refusals.conflict(reason.word(), reason.sentence());
            case ELSEWHERE -> Refusals.unprocessable(reason.word(), reason.sentence());
        };
    }

    private Future<AccountView> hold(Caller caller, AccountView account, String reason) {
        AccountKey key = account.key();
        SharedView shared = account.shared();
        boolean draws = shared != null && !shared.isOwner() && shared.leftAt() == null;
        Future<AccountView> left = draws
                ? accounts.submit(key, new AccountCommand.LeaveShared(reason, caller.actor()))
                        .map(Refusals::account)
                : Future.succeededFuture(account);
        return left.compose(before -> accounts.submit(
                        key, new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, false, reason, caller.actor()))
                .map(Refusals::account));
    }
}
