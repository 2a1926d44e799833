package dev.octroi.api.admin;

import dev.octroi.access.Partner;
import dev.octroi.callback.connector.ConnectorJson;
import dev.octroi.db.PublicId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.TreeSet;

/** Partners on the wire. */
final class PartnerJson {
    private PartnerJson() {}

    static JsonObject write(Partner partner) {
        JsonObject json = new JsonObject()
                .put("id", PublicId.PARTNER.format(partner.id()))
                .put("name", partner.name())
                .put("domain", partner.domain().label())
                .put("operations", new JsonArray(List.copyOf(new TreeSet<>(partner.operations()))))
                .put("imsiPrefixes", new JsonArray(partner.imsiPrefixes()))
                .put("es2", Es2TermsJson.write(partner.es2()))
                .put("charging", ChargingTermsJson.write(partner.charging()));
        if (partner.tenantId() != AdminCalls.OPERATOR) {
            json.put("tenantId", TenantJson.id(partner.tenantId()));
        }
        partner.callbackUrl().ifPresent(url -> json.put("callbackUrl", url));
        partner.told().ifPresent(connector -> json.put("connector", ConnectorJson.write(connector)));
        return json;
    }
}
