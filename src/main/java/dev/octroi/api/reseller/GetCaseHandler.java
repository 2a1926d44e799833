package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.support.CaseSummaryStore;
import io.vertx.core.Future;

/** {@code GET /cases/{caseId}}. */
final class GetCaseHandler implements OperationHandler {
    private final TenantCalls calls;
    private final CaseSummaryStore cases;

    GetCaseHandler(TenantCalls calls, CaseSummaryStore cases) {
        this.calls = calls;
        this.cases = cases;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        long id = PathIds.supportCase(call);
        return calls.run(
                call,
                (connection, caller) -> cases.find(connection, caller.tenantId(), id)
                        .map(found -> Reply.ok(CaseJson.write(found.orElseThrow(Refusals::notFound)))));
    }
}
