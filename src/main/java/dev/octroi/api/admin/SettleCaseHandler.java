package dev.octroi.api.admin;

import dev.octroi.access.Principal;
import dev.octroi.api.reseller.Reasons;
import dev.octroi.api.reseller.Refusals;
import dev.octroi.api.reseller.TargetLimits;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import dev.octroi.support.CaseJson;
import dev.octroi.support.CaseOutcome;
import dev.octroi.support.Cases;
import dev.octroi.support.Settlement;
import dev.octroi.support.SupportCase;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * {@code POST /cases/{caseId}/settle}. Safe to repeat without a key: a case is settled once, and the account knows the
 * credit by the case.
 */
final class SettleCaseHandler implements OperationHandler {
    private final Cases cases;

    SettleCaseHandler(Cases cases) {
        this.cases = cases;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        Principal caller = AdminCalls.principal(call);
        JsonObject body = call.body();
        Settlement settlement = new Settlement(
                body.getLong("creditBytes", 0L),
                body.getBoolean("lift", false),
                body.getBoolean("meant"),
                Reasons.read(body));
        if (settlement.creditBytes() > 0) {
            TargetLimits.require(caller, "credit");
        }
        if (settlement.lift() || Boolean.TRUE.equals(settlement.meant())) {
            TargetLimits.require(caller, "lift");
        }
        return cases.settle(caller.tenantId(), SupportApi.caseId(call), settlement, SupportApi.actor(call))
                .map(outcome -> switch (outcome) {
                    case CaseOutcome.Settled settled -> Reply.ok(CaseJson.write(settled.supportCase()));
                    case CaseOutcome.AlreadySettled before -> again(before.supportCase(), settlement);
                    case CaseOutcome.Refused refused -> throw refused(refused.refusal());
                    case CaseOutcome.Unknown unknown -> throw AdminCalls.notFound();
                });
    }

    /** The same once more is no conflict: the first answer may have been lost. */
    private static Reply again(SupportCase settled, Settlement wanted) {
        if (wanted.isNotedIn(settled)) {
            return Reply.ok(CaseJson.write(settled));
        }
        throw Problem.of(ProblemType.CONFLICT, "The case was settled before, in another way")
                .withCode("already_settled")
                .toException();
    }

    private static RuntimeException refused(Outcome.Refused refusal) {
        if (refusal.code() == Refusal.BUSY) {
            return Refusals.of(refusal);
        }
        return Problem.of(ProblemType.CONFLICT, refusal.detail())
                .withCode(refusal.code().word())
                .toException();
    }
}
