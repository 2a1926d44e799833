package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Page;
import dev.octroi.http.Reply;
import dev.octroi.support.CaseJson;
import dev.octroi.support.Cases;
import io.vertx.core.Future;

/** {@code GET /cases}: the caller's tenant's; the operator sees all. */
final class ListCasesHandler implements OperationHandler {
    private final Cases cases;
    private final Cursors cursors;

    ListCasesHandler(Cases cases, Cursors cursors) {
        this.cases = cases;
        this.cursors = cursors;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.principal(call).tenantId();
        String state = call.query("status").orElse("");
        long subscriptionId = AdminCalls.subscriptionInQuery(call);
        int limit = AdminCalls.limit(call);
        String list = tenantId + "/cases/" + state + "/" + subscriptionId;
        long before = cursors.after(call, list).map(Cursors.Position::id).orElse(Long.MAX_VALUE);
        return cases.list(tenantId, state, subscriptionId, before, limit + 1)
                .map(rows -> Page.reply(
                        call, rows, limit, cursors, list, CaseJson::write, row -> new Cursors.Position("", row.id())));
    }
}
