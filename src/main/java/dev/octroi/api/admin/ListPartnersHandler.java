package dev.octroi.api.admin;

import dev.octroi.access.Partners;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.pki.TrustDomain;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** {@code GET /partners}. */
final class ListPartnersHandler implements OperationHandler {
    private final Partners partners;

    ListPartnersHandler(Partners partners) {
        this.partners = partners;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        AdminCalls.requireOperator(call);
        TrustDomain domain = call.query("domain").flatMap(TrustDomain::ofLabel).orElseThrow(AdminCalls::notFound);
        return partners.ofDomain(domain).map(found -> {
            JsonArray items = new JsonArray();
            found.forEach(partner -> items.add(PartnerJson.write(partner)));
            return Reply.ok(new JsonObject().put("items", items));
        });
    }
}
