package dev.octroi.api.reseller;

import dev.octroi.catalog.Zone;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.catalog.ZoneStore;
import dev.octroi.db.PublicId;
import dev.octroi.policy.Where;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

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
                    return cap(zone, entry.getValue());
                })
                .toList();
    }

    /** What the plan does inside: exactly one of a rate, blocking, asking and warning. */
    private static ZoneCap cap(Zone zone, JsonObject cap) {
        JsonObject rate = cap.getJsonObject("rate");
        JsonObject hours = cap.getJsonObject("hours");
        String entry = cap.getString("entry");
        boolean blocked = cap.getBoolean("blocked", false);
        int said = (rate == null ? 0 : 1) + (entry == null ? 0 : 1) + (blocked ? 1 : 0);
        if (said != 1) {
            throw Refusals.unprocessable(
                    "rate_or_blocked", "A zone has either a rate, or is blocked, or says what entering it means");
        }
        if (hours != null && rate == null) {
            throw Refusals.unprocessable("hours_without_rate", "Hours belong to a rate");
        }
        return new ZoneCap(
                PublicId.ZONE.format(zone.id()),
                zone.name(),
                zone.places(),
                rate == null ? null : RateJson.read(rate),
                hours == null ? null : hours(hours),
                entry == null ? null : ZoneCap.Entry.valueOf(entry.toUpperCase(Locale.ROOT)));
    }

    private static Where.Hours hours(JsonObject json) {
        LocalTime from = LocalTime.parse(json.getString("from"));
        LocalTime to = LocalTime.parse(json.getString("to"));
        if (from.equals(to)) {
            throw Refusals.unprocessable("hours_empty", "The hours of a zone are empty");
        }
        return new Where.Hours(from, to);
    }
}
