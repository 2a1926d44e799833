package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.rsp.order.ResetOutcome;
import dev.octroi.rsp.order.ResetRequest;
import dev.octroi.rsp.order.Resets;
import dev.octroi.subscription.Subscription;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** {@code POST /subscriptions/{subscriptionId}/reset-download}: profile, timeline, event, audit and answer at once. */
final class ResetDownloadHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final Resets resets;

    ResetDownloadHandler(TenantCalls calls, SubscriptionReader reader, Resets resets) {
        this.calls = calls;
        this.reader = reader;
        this.resets = resets;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        ResetRequest request = ResetJson.read(call.body(), "reseller");
        AtomicReference<ResetOutcome.@Nullable Done> done = new AtomicReference<>();
        return calls.onceAsWorker(
                        call,
                        (connection, caller) -> reader.find(call, connection)
                                .compose(subscription -> reset(connection, caller, subscription, request, done)))
                .onSuccess(reply -> {
                    ResetOutcome.Done made = done.get();
                    if (made != null) {
                        resets.committed(made);
                    }
                });
    }

    private Future<Reply> reset(
            SqlConnection connection,
            Caller caller,
            Subscription subscription,
            ResetRequest request,
            AtomicReference<ResetOutcome.@Nullable Done> made) {
        return resets.reset(connection, caller.tenantId(), subscription.profileId(), request)
                .compose(outcome -> switch (outcome) {
                    case ResetOutcome.Unknown unknown -> Future.failedFuture(Refusals.notFound());
                    case ResetOutcome.Refused refused -> Future.failedFuture(ResetJson.problem(refused));
                    case ResetOutcome.Done done -> {
                        made.set(done);
                        yield calls.audit(
                                        connection,
                                        caller,
                                        "profile.reset",
                                        PublicId.SUBSCRIPTION.format(subscription.id()),
                                        request.by().reason(),
                                        ResetJson.audited(request))
                                .map(Reply.ok(ResetJson.write(subscription.id(), request, done.profile())));
                    }
                });
    }
}
