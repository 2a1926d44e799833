package dev.octroi.api.admin;

import dev.octroi.access.TenantStore;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Page;
import dev.octroi.http.Reply;
import io.vertx.core.Future;

/** {@code GET /tenants}. */
final class ListTenantsHandler implements OperationHandler {
    private static final String LIST = "tenants";

    private final AdminCalls calls;
    private final TenantStore tenants;
    private final Cursors cursors;

    ListTenantsHandler(AdminCalls calls, TenantStore tenants, Cursors cursors) {
        this.calls = calls;
        this.tenants = tenants;
        this.cursors = cursors;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        AdminCalls.requireOperator(call);
        int limit = AdminCalls.limit(call);
        int after =
                cursors.after(call, LIST).map(position -> (int) position.id()).orElse(AdminCalls.OPERATOR);
        return calls.run(connection -> tenants.list(connection, after, limit + 1))
                .map(found -> Page.reply(
                        call,
                        found,
                        limit,
                        cursors,
                        LIST,
                        TenantJson::write,
                        tenant -> new Cursors.Position("", tenant.id())));
    }
}
