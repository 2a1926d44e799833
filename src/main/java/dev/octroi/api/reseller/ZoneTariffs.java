package dev.octroi.api.reseller;

import dev.octroi.catalog.Money;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.Zone;
import dev.octroi.catalog.ZoneStore;
import dev.octroi.catalog.ZoneTariff;
import dev.octroi.db.PublicId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the zones of a plan's body that have a tariff of their own, and joins in what the zones are now. */
final class ZoneTariffs {
    private final ZoneStore zones;

    ZoneTariffs(ZoneStore zones) {
        this.zones = zones;
    }

    /** Fails with 422 when a zone is not the tenant's, or a tariff is none. */
    Future<List<ZoneTariff>> read(SqlConnection connection, int tenantId, JsonObject body) {
        List<JsonObject> wanted = body.getJsonArray("zoneTariffs", new JsonArray()).stream()
                .map(JsonObject.class::cast)
                .toList();
        Set<Long> ids = new HashSet<>();
        wanted.forEach(each -> {
            if (each.containsKey("zoneId")) {
                ids.add(id(each));
            }
        });
        Future<List<Zone>> found =
                ids.isEmpty() ? Future.succeededFuture(List.of()) : zones.findAll(connection, tenantId, ids);
        return found.map(known -> {
            Map<Long, Zone> byId = known.stream().collect(Collectors.toMap(Zone::id, zone -> zone));
            return wanted.stream().map(each -> tariff(each, byId, body)).toList();
        });
    }

    static JsonArray write(List<ZoneTariff> tariffs, @Nullable Overage overage) {
        JsonArray array = new JsonArray();
        for (ZoneTariff tariff : tariffs) {
            JsonObject json = new JsonObject()
                    .put(tariff.places().isEmpty() ? "country" : "zoneId", tariff.zoneId())
                    .put("includedBytes", tariff.includedBytes());
            Long price = tariff.pricePerGigabyteMinor();
            if (price != null && overage != null) {
                json.put("pricePerMegabyte", MoneyJson.write(overage.pricePerMegabyte(price)));
            }
            array.add(json);
        }
        return array;
    }

    private static ZoneTariff tariff(JsonObject json, Map<Long, Zone> zones, JsonObject plan) {
        String country = json.getString("country");
        if ((country == null) != json.containsKey("zoneId")) {
            throw Refusals.unprocessable("zone_or_country", "A tariff is for either a zone or a country");
        }
        Zone zone = country == null ? zones.get(id(json)) : null;
        if (country == null && zone == null) {
            throw Refusals.unprocessable("unknown_zone", "A zone of the plan does not exist");
        }
        try {
            long included = json.getLong("includedBytes", 0L);
            Long price = price(json.getJsonObject("pricePerMegabyte"), plan.getJsonObject("overage"));
            return zone == null
                    ? new ZoneTariff(String.valueOf(country), name(country), Set.of(), included, price)
                    : new ZoneTariff(PublicId.ZONE.format(zone.id()), zone.name(), zone.places(), included, price);
        } catch (IllegalArgumentException e) {
            throw Refusals.unprocessable("invalid_plan", String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Long price(@Nullable JsonObject json, @Nullable JsonObject overage) {
        if (json == null) {
            return null;
        }
        Money price = MoneyJson.read(json);
        if (overage != null
                && !price.currency()
                        .equals(MoneyJson.read(overage.getJsonObject("pricePerMegabyte"))
                                .currency())) {
            throw new IllegalArgumentException("the prices of a plan are in one currency");
        }
        return Overage.perGigabyteMinor(price);
    }

    private static String name(@Nullable String country) {
        return Locale.of("", String.valueOf(country)).getDisplayCountry(Locale.ENGLISH);
    }

    private static long id(JsonObject json) {
        return PublicId.ZONE.parse(json.getString("zoneId")).orElse(-1);
    }
}
