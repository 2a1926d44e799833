package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.support.CaseSummary;
import dev.octroi.support.CaseSummaryStore;
import io.vertx.core.Future;

/** {@code GET /cases}. */
final class ListCasesHandler implements OperationHandler {
    private final TenantCalls calls;
    private final CaseSummaryStore cases;

    ListCasesHandler(TenantCalls calls, CaseSummaryStore cases) {
        this.calls = calls;
        this.cases = cases;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        return calls.page(call, "cases", cases::list, CaseSummary::id, CaseJson::write);
    }
}
