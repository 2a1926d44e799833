package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.support.Evidence;
import io.vertx.core.Future;

/** {@code GET /cases/{caseId}/evidence}, as a document to keep. */
final class GetEvidenceHandler implements OperationHandler {
    private final Evidence evidence;

    GetEvidenceHandler(Evidence evidence) {
        this.evidence = evidence;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return evidence.pack(AdminCalls.principal(call).tenantId(), SupportApi.caseId(call))
                .map(found -> Reply.ok(found.orElseThrow(AdminCalls::notFound))
                        .withHeader(
                                "Content-Disposition", "attachment; filename=\"" + call.path("caseId") + ".json\""));
    }
}
