package dev.octroi.api.admin;

import dev.octroi.api.reseller.ResetJson;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.rsp.order.ResetOutcome;
import dev.octroi.rsp.order.ResetRequest;
import dev.octroi.rsp.order.Resets;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** {@code POST /tenants/{tenantId}/subscriptions/{subscriptionId}/reset-download}. */
final class ResetDownloadHandler implements OperationHandler {
    private final AdminCalls calls;
    private final SubscriptionStore subscriptions;
    private final Resets resets;

    ResetDownloadHandler(AdminCalls calls, SubscriptionStore subscriptions, Resets resets) {
        this.calls = calls;
        this.subscriptions = subscriptions;
        this.resets = resets;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenant = AdminCalls.tenantInPath(call);
        long id = PublicId.SUBSCRIPTION.parse(call.path("subscriptionId")).orElseThrow(AdminCalls::notFound);
        ResetRequest request = ResetJson.read(call.body(), "admin");
        AtomicReference<ResetOutcome.@Nullable Done> done = new AtomicReference<>();
        return calls.once(
                        call,
                        connection -> subscriptions
                                .find(connection, tenant, id)
                                .map(found -> found.orElseThrow(AdminCalls::notFound))
                                .compose(subscription -> reset(connection, call, tenant, subscription, request, done)))
                .onSuccess(reply -> {
                    ResetOutcome.Done made = done.get();
                    if (made != null) {
                        resets.committed(made);
                    }
                });
    }

    private Future<Reply> reset(
            SqlConnection connection,
            ApiCall call,
            int tenant,
            Subscription subscription,
            ResetRequest request,
            AtomicReference<ResetOutcome.@Nullable Done> made) {
        return resets.reset(connection, tenant, subscription.profileId(), request)
                .compose(outcome -> switch (outcome) {
                    case ResetOutcome.Unknown unknown -> Future.failedFuture(AdminCalls.notFound());
                    case ResetOutcome.Refused refused -> Future.failedFuture(ResetJson.problem(refused));
                    case ResetOutcome.Done done -> {
                        made.set(done);
                        yield calls.audit(
                                        connection,
                                        call,
                                        tenant,
                                        "profile.reset",
                                        PublicId.SUBSCRIPTION.format(subscription.id()),
                                        request.by().reason(),
                                        ResetJson.audited(request))
                                .map(Reply.ok(ResetJson.write(subscription.id(), request, done.profile())));
                    }
                });
    }
}
