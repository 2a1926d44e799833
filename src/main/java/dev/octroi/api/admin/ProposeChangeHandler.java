package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.rollout.PolicyChanges;
import dev.octroi.rollout.Proposal;
import io.vertx.core.Future;

/** {@code POST /tenants/{tenantId}/policy-changes}. */
final class ProposeChangeHandler implements OperationHandler {
    private final AdminCalls calls;
    private final PolicyChanges changes;

    ProposeChangeHandler(AdminCalls calls, PolicyChanges changes) {
        this.calls = calls;
        this.changes = changes;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        Proposal proposal = ProposalReader.read(call.body());
        ChangeCalls.requireMay(call, proposal.act());
        return calls.once(
                call,
                connection -> calls.requireTenant(connection, tenantId)
                        .compose(found -> changes.propose(connection, tenantId, proposal, ChangeCalls.person(call)))
                        .map(ChangeCalls::change)
                        .compose(change -> changes.tally(connection, change)
                                .map(tally -> Reply.created(
                                                PolicyChangeJson.location(change),
                                                PolicyChangeJson.write(change, tally))
                                        .withHeader("ETag", ETags.of(change.version())))));
    }
}
