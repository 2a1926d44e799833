package dev.octroi.api.admin;

import dev.octroi.access.Tenant;
import dev.octroi.access.TenantStore;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;

/** {@code POST /tenants}. */
final class CreateTenantHandler implements OperationHandler {
    private final AdminCalls calls;
    private final TenantStore tenants;

    CreateTenantHandler(AdminCalls calls, TenantStore tenants) {
        this.calls = calls;
        this.tenants = tenants;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        AdminCalls.requireOperator(call);
        return calls.once(call, connection -> create(call, connection));
    }

    private Future<Reply> create(ApiCall call, SqlConnection connection) {
        String slug = call.body().getString("slug");
        String name = call.body().getString("name");
        return tenants.insert(connection, slug, name, calls.now()).compose(inserted -> {
            if (inserted.isEmpty()) {
                return Future.failedFuture(Problem.of(ProblemType.CONFLICT, "The slug is taken")
                        .withCode("slug_taken")
                        .toException());
            }
            Tenant tenant = inserted.get();
            String id = TenantJson.id(tenant.id());
            return calls.audit(
                            connection,
                            call,
                            tenant.id(),
                            "tenant.created",
                            id,
                            null,
                            Map.of("slug", slug, "name", name))
                    .map(Reply.created("/admin/v1/tenants/" + id, TenantJson.write(tenant)));
        });
    }
}
