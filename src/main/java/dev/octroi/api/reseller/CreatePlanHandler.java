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
    private final ZoneCaps caps;
    private final Ids ids;
    private final InstantSource clock;

    CreatePlanHandler(TenantCalls calls, PlanStore plans, ZoneCaps caps, Ids ids, InstantSource clock) {
        this.calls = calls;
        this.plans = plans;
        this.caps = caps;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return calls.once(
                call,
                (connection, caller) -> caps.read(connection, caller.tenantId(), call.body())
                        .compose(zoneCaps -> {
                            Plan plan =
                                    Plan.publish(ids.next(), 1, PlanJson.read(call.body(), zoneCaps), clock.instant());
                            return plans.insert(connection, caller.tenantId(), plan)
                                    .compose(inserted -> PlanJson.audit(calls, connection, caller, plan))
                                    .map(kept -> Reply.created(
                                                    "/v1/plans/" + PublicId.PLAN.format(plan.id()),
                                                    PlanJson.write(plan))
                                            .withHeader("ETag", ETags.of(plan.version())));
                        }));
    }
}
