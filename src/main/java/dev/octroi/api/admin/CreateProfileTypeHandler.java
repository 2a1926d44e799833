package dev.octroi.api.admin;

import dev.octroi.db.Ids;
import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import dev.octroi.rsp.type.ProfileTypeStore;
import dev.octroi.rsp.type.ProfileTypeStore.Draft;
import dev.octroi.rsp.type.ProfileTypeStore.Written;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** {@code POST /tenants/{tenantId}/profile-types}. */
final class CreateProfileTypeHandler implements OperationHandler {
    private final AdminCalls calls;
    private final ProfileTypeStore types;
    private final Ids ids;

    CreateProfileTypeHandler(AdminCalls calls, ProfileTypeStore types, Ids ids) {
        this.calls = calls;
        this.types = types;
        this.ids = ids;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        AdminCalls.key(call);
        return ProfileTypeJson.read(call.context().vertx(), call)
                .compose(draft -> calls.once(call, connection -> create(call, connection, tenantId, draft)));
    }

    private Future<Reply> create(ApiCall call, SqlConnection connection, int tenantId, Draft draft) {
        String name = call.body().getString("name");
        return calls.requireTenant(connection, tenantId)
                .compose(found -> types.create(connection, tenantId, ids.next(), name, draft, calls.now()))
                .compose(written -> {
                    if (written != Written.DONE) {
                        return Future.failedFuture(Problem.of(
                                        ProblemType.CONFLICT,
                                        written == Written.FULL
                                                ? "The tenant has as many profile types as there may be"
                                                : "The name is taken")
                                .withCode(written == Written.FULL ? "too_many_profile_types" : "name_taken")
                                .toException());
                    }
                    return calls.audit(connection, call, tenantId, "profile_type.created", name, null, draft.summary(1))
                            .compose(done -> types.find(connection, tenantId, name))
                            .map(type -> Reply.created(
                                            ProfileTypeJson.location(tenantId, name),
                                            ProfileTypeJson.write(type.orElseThrow()))
                                    .withHeader("ETag", ETags.of(1)));
                });
    }
}
