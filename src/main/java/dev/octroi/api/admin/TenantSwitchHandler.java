package dev.octroi.api.admin;

import dev.octroi.access.TenantStore;
import dev.octroi.api.reseller.Reasons;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/**
 * {@code POST /tenants/{tenantId}/disable} and {@code /enable}. What is so already stays so, and is not audited again.
 */
final class TenantSwitchHandler implements OperationHandler {
    private final AdminCalls calls;
    private final TenantStore tenants;
    private final boolean disabled;

    /**
     * A handler of one of the two.
     *
     * @param disabled whether the tenant is disabled by it
     */
    TenantSwitchHandler(AdminCalls calls, TenantStore tenants, boolean disabled) {
        this.calls = calls;
        this.tenants = tenants;
        this.disabled = disabled;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        AdminCalls.requireOperator(call);
        int tenantId = AdminCalls.tenantInPath(call);
        return calls.once(call, connection -> turn(call, connection, tenantId));
    }

    private Future<Reply> turn(ApiCall call, SqlConnection connection, int tenantId) {
        return tenants.disable(connection, tenantId, disabled, calls.now())
                .compose(turned -> turned ? audit(call, connection, tenantId) : Future.succeededFuture())
                .compose(done -> tenants.find(connection, tenantId))
                .map(found -> Reply.ok(TenantJson.write(found.orElseThrow(AdminCalls::notFound))));
    }

    private Future<Void> audit(ApiCall call, SqlConnection connection, int tenantId) {
        return calls.audit(
                connection,
                call,
                tenantId,
                disabled ? "tenant.disabled" : "tenant.enabled",
                TenantJson.id(tenantId),
                Reasons.read(call.body()),
                null);
    }
}
