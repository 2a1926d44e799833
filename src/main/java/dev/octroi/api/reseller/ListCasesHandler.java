package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.support.CaseSummary;
import dev.octroi.support.CaseSummaryStore;
import io.vertx.core.Future;

/** {@code GET /cases}: all, or those of one subscription or in one state. */
final class ListCasesHandler implements OperationHandler {
    private final TenantCalls calls;
    private final CaseSummaryStore cases;

    ListCasesHandler(TenantCalls calls, CaseSummaryStore cases) {
        this.calls = calls;
        this.cases = cases;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        String state = call.query("status").orElse("");
        long subscriptionId = call.query("subscriptionId")
                .map(id -> PublicId.SUBSCRIPTION.parse(id).orElse(-1))
                .orElse(0L);
        return calls.page(
                call,
                "cases/" + state + "/" + subscriptionId,
                (connection, tenantId, beforeId, limit) ->
                        cases.list(connection, tenantId, state, subscriptionId, beforeId, limit),
                CaseSummary::id,
                CaseJson::write);
    }
}
