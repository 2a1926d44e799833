package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Page;
import dev.octroi.http.Reply;
import dev.octroi.rollout.ChangeState;
import dev.octroi.rollout.PolicyChanges;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** {@code GET /tenants/{tenantId}/policy-changes}. */
final class ListChangesHandler implements OperationHandler {
    private final AdminCalls calls;
    private final PolicyChanges changes;
    private final Cursors cursors;

    ListChangesHandler(AdminCalls calls, PolicyChanges changes, Cursors cursors) {
        this.calls = calls;
        this.changes = changes;
        this.cursors = cursors;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        @Nullable ChangeState state = call.query("state").map(ChangeState::of).orElse(null);
        int limit = AdminCalls.limit(call);
        String list = tenantId + "/policy-changes/" + state;
        long before = cursors.after(call, list).map(Cursors.Position::id).orElse(Long.MAX_VALUE);
        return calls.run(connection -> calls.requireTenant(connection, tenantId)
                        .compose(found -> changes.list(connection, tenantId, state, before, limit + 1)))
                .map(found -> Page.reply(
                        call,
                        found,
                        limit,
                        cursors,
                        list,
                        PolicyChangeJson::write,
                        change -> new Cursors.Position("", change.id())));
    }
}
