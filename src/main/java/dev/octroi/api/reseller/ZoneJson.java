package dev.octroi.api.reseller;

import dev.octroi.catalog.Zone;
import dev.octroi.db.PublicId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Zones on the wire. */
final class ZoneJson {
    private ZoneJson() {}

    static JsonObject write(Zone zone) {
        return new JsonObject()
                .put("id", PublicId.ZONE.format(zone.id()))
                .put("version", zone.version())
                .put("name", zone.name())
                .put("trackingAreas", new JsonArray(zone.trackingAreas()))
                .put("networks", new JsonArray(zone.networks()))
                .put("createdAt", Times.text(zone.createdAt()));
    }

    /** Keeps in the audit log that a version was published. */
    static Future<Void> audit(TenantCalls calls, SqlConnection connection, Caller caller, Zone zone) {
        return calls.audit(
                connection,
                caller,
                "zone.published",
                PublicId.ZONE.format(zone.id()),
                Map.of("version", zone.version(), "name", zone.name()));
    }

    /** Reads the body of a write that the contract has let through. */
    static Zone read(JsonObject body, long id, int version, Instant now) {
        try {
            return new Zone(
                    id, version, body.getString("name"), texts(body, "trackingAreas"), texts(body, "networks"), now);
        } catch (IllegalArgumentException e) {
            throw Refusals.unprocessable("invalid_zone", String.valueOf(e.getMessage()));
        }
    }

    private static List<String> texts(JsonObject body, String name) {
        return body.getJsonArray(name, new JsonArray()).stream()
                .map(String::valueOf)
                .toList();
    }
}
