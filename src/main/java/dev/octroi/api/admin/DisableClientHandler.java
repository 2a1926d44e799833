package dev.octroi.api.admin;

import dev.octroi.access.ApiClients;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;

/** {@code DELETE /tenants/{tenantId}/clients/{clientId}}. */
final class DisableClientHandler implements OperationHandler {
    private final AdminCalls calls;
    private final ApiClients clients;

    DisableClientHandler(AdminCalls calls, ApiClients clients) {
        this.calls = calls;
        this.clients = clients;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        String clientId = call.path("clientId");
        return calls.run(connection -> clients.disable(connection, tenantId, clientId)
                .compose(done -> done
                        ? calls.audit(connection, call, tenantId, "client.disabled", clientId, null, null)
                        : Future.failedFuture(AdminCalls.notFound()))
                .map(Reply.noContent()));
    }
}
