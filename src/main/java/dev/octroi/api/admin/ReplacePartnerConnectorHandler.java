package dev.octroi.api.admin;

import dev.octroi.access.Partner;
import dev.octroi.access.Partners;
import dev.octroi.callback.connector.ConnectorJson;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;

/** {@code PUT /partners/{partnerId}/connector}. */
final class ReplacePartnerConnectorHandler implements OperationHandler {
    private final AdminCalls calls;
    private final Partners partners;
    private final PartnerConnectors connectors;

    ReplacePartnerConnectorHandler(AdminCalls calls, Partners partners, PartnerConnectors connectors) {
        this.calls = calls;
        this.partners = partners;
        this.connectors = connectors;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        AdminCalls.requireOperator(call);
        long id = PublicId.PARTNER.parse(call.path("partnerId")).orElseThrow(AdminCalls::notFound);
        JsonObject body = call.body();
        return calls.run(connection -> partners.byId(connection, id)
                .compose(found -> replace(call, connection, found.orElseThrow(AdminCalls::notFound), body)));
    }

    private Future<Reply> replace(ApiCall call, SqlConnection connection, Partner before, JsonObject body) {
        PartnerConnectors.Described described = PartnerConnectors.read(body, before.domain(), "#");
        return connectors
                .replace(connection, before, described)
                .compose(after -> calls.auditChange(
                                connection,
                                call,
                                after.tenantId(),
                                "partner.connector_changed",
                                PublicId.PARTNER.format(after.id()),
                                told(before),
                                told(after))
                        .map(Reply.ok(PartnerJson.write(after))));
    }

    private static Map<String, Object> told(Partner partner) {
        return partner.told()
                .map(connector -> ConnectorJson.write(connector).getMap())
                .orElse(Map.of());
    }
}
