package dev.octroi.api.admin;

import dev.octroi.access.TenantStore;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;

/** {@code GET /tenants/{tenantId}}. */
final class GetTenantHandler implements OperationHandler {
    private final AdminCalls calls;
    private final TenantStore tenants;

    GetTenantHandler(AdminCalls calls, TenantStore tenants) {
        this.calls = calls;
        this.tenants = tenants;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        return calls.run(connection -> tenants.find(connection, tenantId))
                .map(found -> Reply.ok(TenantJson.write(found.orElseThrow(AdminCalls::notFound))));
    }
}
