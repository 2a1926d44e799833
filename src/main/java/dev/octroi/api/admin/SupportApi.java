package dev.octroi.api.admin;

import dev.octroi.access.Principal;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import dev.octroi.quota.account.Actor;
import dev.octroi.subscription.SubscriptionStore;
import dev.octroi.support.Cases;
import dev.octroi.support.Evidence;
import dev.octroi.support.Questions;
import java.util.Map;

/** The operations of the admin API on alarms, cases and evidence, by operationId. */
final class SupportApi {
    private SupportApi() {}

    /** The handlers, for {@link AdminApi}. */
    static Map<String, OperationHandler> handlers(
            AdminCalls calls,
            SubscriptionStore subscriptions,
            Questions questions,
            Cases cases,
            Evidence evidence,
            Cursors cursors) {
        return Map.of(
                "openAdminCase", new OpenCaseHandler(calls, subscriptions, questions, cases),
                "listAdminCases", new ListCasesHandler(cases, cursors),
                "getAdminCase", new GetCaseHandler(cases),
                "settleCase", new SettleCaseHandler(cases),
                "getEvidence", new GetEvidenceHandler(evidence),
                "listAlarms", new ListAlarmsHandler(cases, cursors));
    }

    /** The contract has checked the form; 65 bits in it are nobody's identifier. */
    static long caseId(ApiCall call) {
        return PublicId.CASE.parse(call.path("caseId")).orElseThrow(AdminCalls::notFound);
    }

    /** Who works on a case: with a token of its tenant a reseller, and what the operator holds stays held. */
    static Actor actor(ApiCall call) {
        Principal caller = AdminCalls.principal(call);
        Actor.Kind kind = caller.tenantId() == AdminCalls.OPERATOR ? Actor.Kind.SUPPORT : Actor.Kind.RESELLER;
        return new Actor(kind, caller.subject(), caller.tokenId());
    }
}
