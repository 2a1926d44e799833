package dev.octroi.api.admin;

import dev.octroi.api.reseller.Reasons;
import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.rollout.PolicyChange;
import dev.octroi.rollout.PolicyChanges;
import dev.octroi.rollout.Rollout.Wish;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /tenants/{tenantId}/policy-changes/{changeId}/approve}, {@code reject}, {@code pause}, {@code resume} and
 * {@code undo}. Who approves or rejects names the version that they read; the others act on what it is by now.
 */
final class ChangeWishHandler implements OperationHandler {
    private final AdminCalls calls;
    private final PolicyChanges changes;
    private final Wish wish;

    ChangeWishHandler(AdminCalls calls, PolicyChanges changes, Wish wish) {
        this.calls = calls;
        this.changes = changes;
        this.wish = wish;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        long id = ChangeCalls.id(call);
        AdminCalls.key(call);
        @Nullable Long version = wish == Wish.APPROVE || wish == Wish.REJECT ? ETags.requireVersion(call) : null;
        return calls.once(
                call,
                connection -> changes.find(connection, tenantId, id)
                        .compose(found -> grant(call, connection, found, version)));
    }

    private Future<Reply> grant(
            ApiCall call, SqlConnection connection, Optional<PolicyChange> found, @Nullable Long version) {
        PolicyChange change = found.orElseThrow(AdminCalls::notFound);
        ChangeCalls.requireMay(call, change.act());
        return changes.wish(
                        connection,
                        change.tenantId(),
                        change.id(),
                        wish,
                        version,
                        Reasons.read(call.body()),
                        ChangeCalls.person(call))
                .map(ChangeCalls::change)
                .compose(now -> changes.tally(connection, now)
                        .map(tally -> Reply.ok(PolicyChangeJson.write(now, tally))
                                .withHeader("ETag", ETags.of(now.version()))));
    }
}
