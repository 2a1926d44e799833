package dev.octroi.api.reseller;

import dev.octroi.catalog.Plan;
import dev.octroi.catalog.PlanStore;
import dev.octroi.catalog.PlanWithdrawalStore;
import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;

/** {@code GET /plans/{planId}}. */
final class GetPlanHandler implements OperationHandler {
    private final TenantCalls calls;
    private final PlanStore plans;
    private final PlanWithdrawalStore withdrawals = new PlanWithdrawalStore();

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
                        .compose(plan -> withdrawals
                                .since(connection, caller.tenantId(), id)
                                .map(since -> reply(call, plan, since))));
    }

    /** Being off sale is not of the version: what is off sale is always told whole. */
    private static Reply reply(ApiCall call, Plan plan, Optional<Instant> withdrawnAt) {
        Reply current = Reply.ok(PlanJson.write(plan));
        return withdrawnAt
                .map(since -> Reply.ok(PlanJson.write(plan).put("withdrawnAt", Times.text(since)))
                        .withHeader("ETag", ETags.of(plan.version())))
                .orElseGet(() -> ETags.conditional(call, plan.version(), current));
    }
}
