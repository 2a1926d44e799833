package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.rsp.type.ProfileTypeStore;
import dev.octroi.rsp.type.StoredType;
import io.vertx.core.Future;

/** {@code GET /tenants/{tenantId}/profile-types/{profileType}}. */
final class GetProfileTypeHandler implements OperationHandler {
    private final AdminCalls calls;
    private final ProfileTypeStore types;

    GetProfileTypeHandler(AdminCalls calls, ProfileTypeStore types) {
        this.calls = calls;
        this.types = types;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        return calls.run(connection -> types.find(connection, tenantId, call.path("profileType")))
                .map(found -> {
                    StoredType type = found.orElseThrow(AdminCalls::notFound);
                    Reply reply = Reply.ok(ProfileTypeJson.write(type));
                    // A type is retired in its version: who has that from before knows nothing of it.
                    return type.retired()
                            ? reply.withHeader("ETag", ETags.of(type.version()))
                            : ETags.conditional(call, type.version(), reply);
                });
    }
}
