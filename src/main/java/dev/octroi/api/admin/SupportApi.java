package dev.octroi.api.admin;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import dev.octroi.support.Cases;
import dev.octroi.support.Evidence;
import java.util.Map;

/** The operations of the admin API on alarms, cases and evidence, by operationId. */
final class SupportApi {
    private SupportApi() {}

    /** The handlers, for {@link AdminApi}. */
    static Map<String, OperationHandler> handlers(Cases cases, Evidence evidence, Cursors cursors) {
        return Map.of(
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
}
