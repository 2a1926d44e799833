package dev.octroi.api.reseller;

import dev.octroi.catalog.PlanStore;
import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;

/** {@code GET /plans/{planId}}. */
final class GetPlanHandler implements OperationHandler {
    private final TenantCalls calls;
    private final PlanStore plans;

    GetPlanHandler(TenantCalls calls, PlanStore plans) {
        this.calls = calls;
        this.plans = plans;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        long id = PathIds.plan(call);
        return calls.run(
                call,
                (connection, caller) -> plans.find(connection, caller.tenantId(), id)
                        .map(found -> found.orElseThrow(Refusals::notFound))
                        .map(plan -> ETags.conditional(call, plan.version(), Reply.ok(PlanJson.write(plan)))));
    }
}
