package dev.octroi.api.admin;

import dev.octroi.access.ChargingTerms;
import dev.octroi.access.Partner;
import dev.octroi.access.Partners;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** {@code PUT /partners/{partnerId}/charging}. */
final class ReplacePartnerChargingHandler implements OperationHandler {
    private final AdminCalls calls;
    private final Partners partners;

    ReplacePartnerChargingHandler(AdminCalls calls, Partners partners) {
        this.calls = calls;
        this.partners = partners;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        AdminCalls.requireOperator(call);
        long id = PublicId.PARTNER.parse(call.path("partnerId")).orElseThrow(AdminCalls::notFound);
        ChargingTerms wanted = ChargingTermsJson.read(call.body());
        return calls.run(connection -> partners.byId(connection, id)
                .compose(found -> replace(call, connection, found.orElseThrow(AdminCalls::notFound), wanted)));
    }

    private Future<Reply> replace(ApiCall call, SqlConnection connection, Partner before, ChargingTerms wanted) {
        return partners.replaceCharging(connection, before.id(), wanted)
                .map(found -> found.orElseThrow(AdminCalls::notFound))
                .compose(after -> calls.auditChange(
                                connection,
                                call,
                                after.tenantId(),
                                "partner.charging_changed",
                                PublicId.PARTNER.format(after.id()),
                                ChargingTermsJson.write(before.charging()).getMap(),
                                ChargingTermsJson.write(after.charging()).getMap())
                        .map(Reply.ok(PartnerJson.write(after))));
    }
}
