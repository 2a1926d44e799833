package dev.octroi.api.admin;

import dev.octroi.access.ApiClients;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Page;
import dev.octroi.http.Reply;
import io.vertx.core.Future;

/** {@code GET /tenants/{tenantId}/clients}. */
final class ListClientsHandler implements OperationHandler {
    private final AdminCalls calls;
    private final ApiClients clients;
    private final Cursors cursors;

    ListClientsHandler(AdminCalls calls, ApiClients clients, Cursors cursors) {
        this.calls = calls;
        this.clients = clients;
        this.cursors = cursors;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        int limit = AdminCalls.limit(call);
        String list = tenantId + "/clients";
        String after = cursors.after(call, list).map(Cursors.Position::sort).orElse("");
        return calls.run(connection -> calls.requireTenant(connection, tenantId)
                        .compose(found -> clients.list(connection, tenantId, after, limit + 1)))
                .map(found -> Page.reply(
                        call,
                        found,
                        limit,
                        cursors,
                        list,
                        ClientJson::write,
                        client -> new Cursors.Position(client.clientId(), 0)));
    }
}
