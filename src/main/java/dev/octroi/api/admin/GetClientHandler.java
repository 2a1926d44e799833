package dev.octroi.api.admin;

import dev.octroi.access.ApiClients;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;

/** {@code GET /tenants/{tenantId}/clients/{clientId}}. */
final class GetClientHandler implements OperationHandler {
    private final AdminCalls calls;
    private final ApiClients clients;

    GetClientHandler(AdminCalls calls, ApiClients clients) {
        this.calls = calls;
        this.clients = clients;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        return calls.run(connection -> clients.one(connection, tenantId, call.path("clientId")))
                .map(found -> Reply.ok(ClientJson.write(found.orElseThrow(AdminCalls::notFound))));
    }
}
