package dev.octroi.api.reseller;

import dev.octroi.catalog.Plan;
import dev.octroi.catalog.PlanStore;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;

/** {@code GET /plans}. */
final class ListPlansHandler implements OperationHandler {
    private final TenantCalls calls;
    private final PlanStore plans;

    ListPlansHandler(TenantCalls calls, PlanStore plans) {
        this.calls = calls;
        this.plans = plans;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        boolean withdrawn = call.queryFlag("withdrawn");
        return calls.page(
                call,
                withdrawn ? "plans/withdrawn" : "plans",
                (connection, tenantId, beforeId, limit) -> plans.list(connection, tenantId, withdrawn, beforeId, limit),
                Plan::id,
                PlanJson::write);
    }
}
