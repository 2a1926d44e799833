package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Page;
import dev.octroi.http.Reply;
import dev.octroi.rollout.PolicyChanges;
import io.vertx.core.Future;

/** {@code GET /tenants/{tenantId}/policy-changes/{changeId}/items}. */
final class ListChangeItemsHandler implements OperationHandler {
    private final AdminCalls calls;
    private final PolicyChanges changes;
    private final Cursors cursors;

    ListChangeItemsHandler(AdminCalls calls, PolicyChanges changes, Cursors cursors) {
        this.calls = calls;
        this.changes = changes;
        this.cursors = cursors;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        long id = ChangeCalls.id(call);
        int limit = AdminCalls.limit(call);
        String list = tenantId + "/policy-changes/" + id + "/items";
        long after = cursors.after(call, list).map(Cursors.Position::id).orElse(0L);
        return calls.run(connection -> changes.find(connection, tenantId, id)
                        .compose(found ->
                                changes.items(connection, found.orElseThrow(AdminCalls::notFound), after, limit + 1)))
                .map(found -> Page.reply(
                        call,
                        found,
                        limit,
                        cursors,
                        list,
                        PolicyChangeJson::item,
                        item -> new Cursors.Position("", item.position())));
    }
}
