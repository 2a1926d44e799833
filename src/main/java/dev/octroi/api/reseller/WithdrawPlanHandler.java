package dev.octroi.api.reseller;

import dev.octroi.catalog.PlanStore;
import dev.octroi.catalog.PlanWithdrawalStore;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Map;

/** {@code DELETE /plans/{planId}}: off sale. A second time changes nothing. */
final class WithdrawPlanHandler implements OperationHandler {
    private final TenantCalls calls;
    private final PlanStore plans;
    private final PlanWithdrawalStore withdrawals = new PlanWithdrawalStore();
    private final InstantSource clock;

    WithdrawPlanHandler(TenantCalls calls, PlanStore plans, InstantSource clock) {
        this.calls = calls;
        this.plans = plans;
        this.clock = clock;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        long id = PathIds.plan(call);
        return calls.run(
                call,
                (connection, caller) -> plans.find(connection, caller.tenantId(), id)
                        .map(found -> found.orElseThrow(Refusals::notFound))
                        .compose(plan -> withdrawals.withdraw(connection, caller.tenantId(), id, clock.instant()))
                        .compose(isNew -> isNew
                                ? calls.audit(connection, caller, "plan.withdrawn", PublicId.PLAN.format(id), Map.of())
                                : Future.succeededFuture())
                        .map(Reply.noContent()));
    }
}
