package dev.octroi.api.reseller;

import dev.octroi.catalog.Zone;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.catalog.ZoneStore;
import dev.octroi.db.PublicId;
import dev.octroi.policy.Speed;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the zone caps of a plan's body and joins in what the zones are now. */
final class ZoneCaps {
    private final ZoneStore zones;

    ZoneCaps(ZoneStore zones) {
        this.zones = zones;
    }

    /** Fails with 422 when a zone is named twice or is not the tenant's. */
    Future<List<ZoneCap>> read(SqlConnection connection, int tenantId, JsonObject body) {
        JsonArray wanted = body.getJsonArray("zoneCaps", new JsonArray());
        Map<Long, JsonObject> rates = new LinkedHashMap<>();
        for (Object each : wanted) {
            JsonObject cap = (JsonObject) each;
            long id = PublicId.ZONE.parse(cap.getString("zoneId")).orElse(-1);
            if (rates.putIfAbsent(id, cap) != null) {
                return Future.failedFuture(Refusals.unprocessable("zone_twice", "A zone is named twice"));
            }
        }
        if (rates.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return zones.findAll(connection, tenantId, rates.keySet()).map(found -> caps(found, rates));
    }

    private static List<ZoneCap> caps(List<Zone> found, Map<Long, JsonObject> rates) {
        if (found.size() != rates.size()) {
            throw Refusals.unprocessable("unknown_zone", "A zone of the plan does not exist");
        }
        Map<Long, Zone> byId = found.stream().collect(Collectors.toMap(Zone::id, zone -> zone));
        return rates.entrySet().stream()
                .map(entry -> {
                    Zone zone = java.util.Objects.requireNonNull(byId.get(entry.getKey()));
                    return new ZoneCap(
                            PublicId.ZONE.format(zone.id()), zone.name(), zone.places(), speed(entry.getValue()));
                })
                .toList();
    }

    /** The speed inside; null where no data passes. */
    private static @Nullable Speed speed(JsonObject cap) {
        JsonObject rate = cap.getJsonObject("rate");
        if (cap.getBoolean("blocked", false) == (rate != null)) {
            throw Refusals.unprocessable("rate_or_blocked", "A zone has either a rate or is blocked");
        }
        return rate == null ? null : RateJson.read(rate);
    }
}
