package dev.octroi.api.admin;

import dev.octroi.access.ApiClients;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** {@code POST /tenants/{tenantId}/clients}. */
final class CreateClientHandler implements OperationHandler {
    private final AdminCalls calls;
    private final ApiClients clients;

    CreateClientHandler(AdminCalls calls, ApiClients clients) {
        this.calls = calls;
        this.clients = clients;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = AdminCalls.tenantInPath(call);
        Set<String> scopes = call.body().getJsonArray("scopes").stream()
                .map(String::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> targets = call.body().getJsonArray("targets", new JsonArray()).stream()
                .map(String::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
        ClientGrants.requireThatAre(scopes, targets);
        ClientGrants.requireNoMore(AdminCalls.principal(call), scopes, targets);
        return calls.once(call, connection -> create(call, connection, tenantId, scopes, targets));
    }

    private Future<Reply> create(
            ApiCall call, SqlConnection connection, int tenantId, Set<String> scopes, Set<String> targets) {
        String name = call.body().getString("name");
        return calls.requireTenant(connection, tenantId)
                .compose(found -> clients.create(connection, tenantId, name, scopes, targets))
                .compose(created -> calls.audit(
                                connection,
                                call,
                                tenantId,
                                "client.created",
                                created.clientId(),
                                null,
                                Map.of("name", name, "scopes", List.copyOf(scopes), "targets", List.copyOf(targets)))
                        .map(Reply.created(
                                "/admin/v1/tenants/" + TenantJson.id(tenantId) + "/clients/" + created.clientId(),
                                new JsonObject()
                                        .put("clientId", created.clientId())
                                        .put("clientSecret", created.secret().reveal())
                                        .put("name", name)
                                        .put("scopes", new JsonArray(List.copyOf(scopes)))
                                        .put("targets", new JsonArray(List.copyOf(targets))))));
    }
}
