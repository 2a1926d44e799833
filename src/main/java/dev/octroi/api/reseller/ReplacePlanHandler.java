package dev.octroi.api.reseller;

import dev.octroi.catalog.Plan;
import dev.octroi.catalog.PlanStore;
import dev.octroi.catalog.PlanWithdrawalStore;
import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;

/** {@code PUT /plans/{planId}}: publishes the next version. */
final class ReplacePlanHandler implements OperationHandler {
    private final TenantCalls calls;
    private final PlanStore plans;
    private final PlanWithdrawalStore withdrawals = new PlanWithdrawalStore();
    private final OfferReader offers;
    private final InstantSource clock;

    ReplacePlanHandler(TenantCalls calls, PlanStore plans, OfferReader offers, InstantSource clock) {
        this.calls = calls;
        this.plans = plans;
        this.offers = offers;
        this.clock = clock;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        long id = PathIds.plan(call);
        // Refused before anything is read when the tag is missing.
        ETags.requireVersion(call);
        return calls.run(
                call,
                (connection, caller) -> plans.find(connection, caller.tenantId(), id)
                        .map(found -> found.orElseThrow(Refusals::notFound))
                        .compose(current -> {
                            ETags.requireMatch(call, current.version());
                            return publish(call, connection, caller, current);
                        }));
    }

    private Future<Reply> publish(ApiCall call, SqlConnection connection, Caller caller, Plan current) {
        return offers.read(connection, caller.tenantId(), call.body()).compose(offer -> {
            Plan next = Plan.publish(current.id(), current.version() + 1, offer, clock.instant());
            return plans.insert(connection, caller.tenantId(), next)
                    .compose(inserted -> inserted
                            ? withdrawals
                                    .putBack(connection, caller.tenantId(), next.id())
                                    .compose(onSale -> PlanJson.audit(calls, connection, caller, next))
                            // Somebody else published this version between our read and our write.
                            : Future.failedFuture(ETags.stale(next.version())))
                    .map(kept -> Reply.ok(PlanJson.write(next)).withHeader("ETag", ETags.of(next.version())));
        });
    }
}
