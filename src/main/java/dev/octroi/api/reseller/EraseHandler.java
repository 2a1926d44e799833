package dev.octroi.api.reseller;

import dev.octroi.access.Principal;
import dev.octroi.access.SelfCareLinks;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.ProblemException;
import dev.octroi.http.Reply;
import dev.octroi.privacy.Erasure;
import dev.octroi.privacy.Erasures;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;

/**
 * {@code POST /subscriptions/{subscriptionId}/erase}: a traveller is forgotten. Who asked and why commits first; what follows changes
 * nothing when it is done again, so a request that broke off may be sent again, and a job ends it where nobody does.
 */
final class EraseHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final Erasures erasures;
    private final SelfCareLinks links;

    EraseHandler(TenantCalls calls, SubscriptionReader reader, Erasures erasures, SelfCareLinks links) {
        this.calls = calls;
        this.reader = reader;
        this.erasures = erasures;
        this.links = links;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        TargetLimits.require(Principal.of(call.context()), "suspend");
        Caller caller = calls.caller(call);
        TenantCalls.key(call, caller);
        long id = PathIds.subscription(call);
        String reason = Reasons.read(call.body());
        return calls.asWorker(connection -> begin(connection, caller, id, reason))
                .compose(begun -> erasures.complete(caller.tenantId(), id))
                .onSuccess(done -> links.forget())
                .compose(done -> calls.once(
                        call,
                        (connection, again) -> reader.find(call, connection).map(subscription -> {
                            JsonObject json = new JsonObject().put("id", PublicId.SUBSCRIPTION.format(id));
                            Times.put(json, "erasedAt", subscription.erasedAt());
                            return Reply.ok(json);
                        })));
    }

    private Future<Void> begin(SqlConnection connection, Caller caller, long id, String reason) {
        return erasures.begin(connection, caller.tenantId(), id).compose(outcome -> switch (outcome) {
            case Erasure.Unknown unknown -> Future.failedFuture(Refusals.notFound());
            case Erasure.Refused refused -> Future.failedFuture(problem(refused.reason()));
            case Erasure.Begun begun ->
                begun.isNew()
                        ? calls.audit(
                                connection,
                                caller,
                                "subscription.erasure_asked",
                                PublicId.SUBSCRIPTION.format(id),
                                reason,
                                Map.of())
                        : Future.succeededFuture();
        });
    }

    private static ProblemException problem(Erasure.Reason reason) {
        return switch (reason) {
            case ALIVE ->
                Refusals.conflict("subscription_alive", "Its plan is not over; cancel it or wait for its end");
            case SESSION_OPEN -> Refusals.conflict("session_open", "A session still counts");
            case CASE_OPEN -> Refusals.conflict("case_open", "A case has to be settled first");
            case STILL_TELLING -> Refusals.conflict("still_telling", "The network or the SM-DP+ has not answered yet");
            case RECORDS_MAY_COME ->
                Refusals.conflict("records_may_come", "What was used before the end may still be reported and charged");
        };
    }
}
