package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.ETags;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import dev.octroi.rsp.type.ProfileTypeStore;
import dev.octroi.rsp.type.ProfileTypeStore.Draft;
import dev.octroi.rsp.type.ProfileTypeStore.Written;
import dev.octroi.rsp.type.StoredType;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/** {@code PUT /tenants/{tenantId}/profile-types/{profileType}}: a new version. */
final class ReplaceProfileTypeHandler implements OperationHandler {
    private final AdminCalls calls;
    private final ProfileTypeStore types;

    ReplaceProfileTypeHandler(AdminCalls calls, ProfileTypeStore types) {
        this.calls = calls;
        this.types = types;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        String name = call.path("profileType");
        long version = ETags.requireVersion(call);
        return ProfileTypeJson.read(call.context().vertx(), call)
                .compose(draft -> calls.run(connection -> types.find(connection, tenantId, name)
                        .compose(found -> replace(call, connection, tenantId, found, version, draft))));
    }

    private Future<Reply> replace(
            ApiCall call,
            SqlConnection connection,
            int tenantId,
            Optional<StoredType> found,
            long version,
            Draft draft) {
        StoredType type = found.orElseThrow(AdminCalls::notFound);
        if (type.version() != version) {
            throw ETags.stale(type.version());
        }
        return types.replace(connection, tenantId, type, draft, calls.now()).compose(written -> {
            if (written == Written.DONE) {
                int next = type.version() + 1;
                return calls.audit(
                                connection,
                                call,
                                tenantId,
                                "profile_type.replaced",
                                type.name(),
                                null,
                                draft.summary(next))
                        .compose(done -> types.find(connection, tenantId, type.name()))
                        .map(now -> Reply.ok(ProfileTypeJson.write(now.orElseThrow()))
                                .withHeader("ETag", ETags.of(next)));
            }
            if (written == Written.STALE && !type.retired()) {
                throw ETags.stale(type.version() + 1L);
            }
            throw Problem.of(
                            ProblemType.CONFLICT,
                            written == Written.FULL
                                    ? "The type has as many versions as there may be"
                                    : "The type is retired")
                    .withCode(written == Written.FULL ? "too_many_versions" : "profile_type_retired")
                    .toException();
        });
    }
}
