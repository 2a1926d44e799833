package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.support.CaseJson;
import dev.octroi.support.Cases;
import io.vertx.core.Future;

/** {@code GET /cases/{caseId}}. */
final class GetCaseHandler implements OperationHandler {
    private final Cases cases;

    GetCaseHandler(Cases cases) {
        this.cases = cases;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return cases.find(AdminCalls.principal(call).tenantId(), SupportApi.caseId(call))
                .map(found -> Reply.ok(CaseJson.write(found.orElseThrow(AdminCalls::notFound))));
    }
}
