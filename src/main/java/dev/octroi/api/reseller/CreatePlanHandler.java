package dev.octroi.api.reseller;

import dev.octroi.catalog.Plan;
import dev.octroi.catalog.PlanStore;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import java.time.InstantSource;

/** {@code POST /plans}. */
final class CreatePlanHandler implements OperationHandler {
    private final TenantCalls calls;
    private final PlanStore plans;
    private final OfferReader offers;
    private final Ids ids;
    private final InstantSource clock;

    CreatePlanHandler(TenantCalls calls, PlanStore plans, OfferReader offers, Ids ids, InstantSource clock) {
        this.calls = calls;
        this.plans = plans;
        this.offers = offers;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return calls.once(
                call,
                (connection, caller) -> offers.read(connection, caller.tenantId(), call.body())
                        .compose(offer -> {
                            Plan plan = Plan.publish(ids.next(), 1, offer, clock.instant());
                            return plans.insert(connection, caller.tenantId(), plan)
                                    .compose(inserted -> PlanJson.audit(calls, connection, caller, plan))
                                    .map(kept -> Reply.created(
                                                    "/v1/plans/" + PublicId.PLAN.format(plan.id()),
                                                    PlanJson.write(plan))
                                            .withHeader("ETag", ETags.of(plan.version())));
                        }));
    }
}
