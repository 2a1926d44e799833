package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.rsp.type.ProfileTypeStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** {@code DELETE /tenants/{tenantId}/profile-types/{profileType}}; a second time changes nothing. */
final class RetireProfileTypeHandler implements OperationHandler {
    private final AdminCalls calls;
    private final ProfileTypeStore types;

    RetireProfileTypeHandler(AdminCalls calls, ProfileTypeStore types) {
        this.calls = calls;
        this.types = types;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        String name = call.path("profileType");
        return calls.run(connection -> types.find(connection, tenantId, name)
                .compose(found -> found.isPresent()
                        ? retire(call, connection, tenantId, name)
                        : Future.failedFuture(AdminCalls.notFound())));
    }

    private Future<Reply> retire(ApiCall call, SqlConnection connection, int tenantId, String name) {
        return types.retire(connection, tenantId, name, calls.now())
                .compose(retired -> retired
                        ? calls.audit(connection, call, tenantId, "profile_type.retired", name, null, null)
                        : Future.succeededFuture())
                .map(Reply.noContent());
    }
}
