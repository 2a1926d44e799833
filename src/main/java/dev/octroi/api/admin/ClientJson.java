package dev.octroi.api.admin;

import dev.octroi.access.ApiClients;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.TreeSet;

/** Clients on the wire. */
final class ClientJson {
    private ClientJson() {}

    static JsonObject write(ApiClients.Listed client) {
        return new JsonObject()
                .put("clientId", client.clientId())
                .put("name", client.name())
                .put("scopes", new JsonArray(List.copyOf(new TreeSet<>(client.scopes()))))
                .put("targets", new JsonArray(List.copyOf(new TreeSet<>(client.targets()))))
                .put("createdAt", client.createdAt().toString())
                .put("disabled", client.disabled());
    }
}
