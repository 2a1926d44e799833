package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.rollout.PolicyChange;
import dev.octroi.rollout.PolicyChanges;
import io.vertx.core.Future;

/** {@code GET /tenants/{tenantId}/policy-changes/{changeId}}. */
final class GetChangeHandler implements OperationHandler {
    private final AdminCalls calls;
    private final PolicyChanges changes;

    GetChangeHandler(AdminCalls calls, PolicyChanges changes) {
        this.calls = calls;
        this.changes = changes;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        long id = ChangeCalls.id(call);
        return calls.run(connection -> changes.find(connection, tenantId, id).compose(found -> {
            PolicyChange change = found.orElseThrow(AdminCalls::notFound);
            // Without 304: how far it is changes although its version does not.
            return changes.tally(connection, change)
                    .map(tally -> Reply.ok(PolicyChangeJson.write(change, tally))
                            .withHeader("ETag", ETags.of(change.version())));
        }));
    }
}
