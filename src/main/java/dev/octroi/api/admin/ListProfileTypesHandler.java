package dev.octroi.api.admin;

import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Page;
import dev.octroi.http.Reply;
import dev.octroi.rsp.type.ProfileTypeStore;
import io.vertx.core.Future;

/** {@code GET /tenants/{tenantId}/profile-types}. */
final class ListProfileTypesHandler implements OperationHandler {
    private final AdminCalls calls;
    private final ProfileTypeStore types;
    private final Cursors cursors;

    ListProfileTypesHandler(AdminCalls calls, ProfileTypeStore types, Cursors cursors) {
        this.calls = calls;
        this.types = types;
        this.cursors = cursors;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        int limit = AdminCalls.limit(call);
        String list = tenantId + "/profile-types";
        String after = cursors.after(call, list).map(Cursors.Position::sort).orElse("");
        return calls.run(connection -> calls.requireTenant(connection, tenantId)
                        .compose(found -> types.list(connection, tenantId, after, limit + 1)))
                .map(found -> Page.reply(
                        call,
                        found,
                        limit,
                        cursors,
                        list,
                        ProfileTypeJson::write,
                        type -> new Cursors.Position(type.name(), 0)));
    }
}
