package dev.octroi.api.admin;

import dev.octroi.access.ChargingTerms;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What holds for a partner on the charging interfaces of 3GPP, on the wire. */
final class ChargingTermsJson {
    private static final String COUNT = "count";
    private static final String IGNORE = "ignore";

    private ChargingTermsJson() {}

    /** Reads what the contract has let through. */
    static ChargingTerms read(JsonObject json) {
        Set<String> hosts = new HashSet<>();
        json.getJsonArray("notifyHosts", new JsonArray())
                .forEach(host -> hosts.add(String.valueOf(host).toLowerCase(Locale.ROOT)));
        return new ChargingTerms(
                json.getString("profile", ChargingTerms.STANDARD.profile()),
                hosts,
                json.getString("offline", COUNT).equals(IGNORE));
    }

    static JsonObject write(ChargingTerms terms) {
        return new JsonObject()
                .put("profile", terms.profile())
                .put("notifyHosts", new JsonArray(List.copyOf(new TreeSet<>(terms.notifyHosts()))))
                .put("offline", terms.ignoresOffline() ? IGNORE : COUNT);
    }
}
