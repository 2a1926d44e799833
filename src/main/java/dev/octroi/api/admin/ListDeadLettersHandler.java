package dev.octroi.api.admin;

import dev.octroi.callback.outbox.DeadLetterStore;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Page;
import dev.octroi.http.Reply;
import io.vertx.core.Future;

/** {@code GET /dead-letters}: the caller's tenant's; the operator sees all. */
final class ListDeadLettersHandler implements OperationHandler {
    private final AdminCalls calls;
    private final DeadLetterStore store;
    private final Cursors cursors;

    ListDeadLettersHandler(AdminCalls calls, DeadLetterStore store, Cursors cursors) {
        this.calls = calls;
        this.store = store;
        this.cursors = cursors;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.principal(call).tenantId();
        int limit = AdminCalls.limit(call);
        String list = tenantId + "/dead-letters";
        long before = cursors.after(call, list).map(Cursors.Position::id).orElse(Long.MAX_VALUE);
        return calls.run(connection -> store.list(connection, tenantId, before, limit + 1))
                .map(rows -> Page.reply(
                        call,
                        rows,
                        limit,
                        cursors,
                        list,
                        DeadLetterApi::write,
                        row -> new Cursors.Position("", row.id())));
    }
}
