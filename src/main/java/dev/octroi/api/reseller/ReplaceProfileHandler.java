package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.ProblemException;
import dev.octroi.http.Reply;
import dev.octroi.quota.account.AccountView;
import dev.octroi.subscription.Replacement;
import dev.octroi.subscription.Replacements;
import dev.octroi.subscription.Subscription;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** {@code POST /subscriptions/{subscriptionId}/replace-profile}: all of it, its audit and its answer at once. */
final class ReplaceProfileHandler implements OperationHandler {
    private static final String BY = "reseller";

    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final Replacements replacements;

    ReplaceProfileHandler(TenantCalls calls, SubscriptionReader reader, Replacements replacements) {
        this.calls = calls;
        this.reader = reader;
        this.replacements = replacements;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        TenantCalls.key(call, calls.caller(call));
        AtomicReference<@Nullable Runnable> committed = new AtomicReference<>();
        return reader.find(call)
                .compose(subscription -> reader.account(calls.caller(call), subscription))
                .compose(account -> calls.onceAsWorker(
                        call,
                        (connection, caller) -> reader.hold(call, connection)
                                .compose(subscription ->
                                        replace(connection, call, caller, subscription, account, committed))))
                .onSuccess(reply -> {
                    Runnable after = committed.get();
                    if (after != null) {
                        after.run();
                    }
                });
    }

    private Future<Reply> replace(
            SqlConnection connection,
            ApiCall call,
            Caller caller,
            Subscription subscription,
            AccountView account,
            AtomicReference<@Nullable Runnable> committed) {
        String reason = Reasons.read(call.body());
        String lost = call.body().getString("profileId");
        if (lost != null && !lost.equals(PublicId.PROFILE.format(subscription.profileId()))) {
            throw Refusals.conflict("profile_changed", "The subscription has another profile by now");
        }
        return replacements
                .replace(connection, caller.tenantId(), subscription, BY, reason)
                .compose(outcome -> switch (outcome) {
                    case Replacement.Refused refused -> Future.failedFuture(problem(refused.reason()));
                    case Replacement.Replaced replaced -> {
                        committed.set(replaced.committed());
                        yield audit(connection, caller, subscription, replaced.subscription(), reason)
                                .compose(done -> reader.reply(call, connection, replaced.subscription(), account));
                    }
                });
    }

    private static ProblemException problem(Replacement.Reason reason) {
        return switch (reason) {
            case MEMBER_LEFT, CANCELLED -> Refusals.conflict(reason.word(), reason.sentence());
            case ELSEWHERE, OUT_OF_STOCK -> Refusals.unprocessable(reason.word(), reason.sentence());
        };
    }

    private Future<Void> audit(
            SqlConnection connection, Caller caller, Subscription before, Subscription after, String reason) {
        return calls.audit(
                connection,
                caller,
                "profile.replaced",
                PublicId.SUBSCRIPTION.format(before.id()),
                reason,
                Map.of(
                        "before", PublicId.PROFILE.format(before.profileId()),
                        "after", PublicId.PROFILE.format(after.profileId())));
    }
}
