package dev.octroi.api.admin;

import dev.octroi.access.Partner;
import dev.octroi.access.Partners;
import dev.octroi.api.reseller.Reasons;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;

/** {@code POST /partners/{partnerId}/disable}. */
final class DisablePartnerHandler implements OperationHandler {
    private final AdminCalls calls;
    private final Partners partners;

    DisablePartnerHandler(AdminCalls calls, Partners partners) {
        this.calls = calls;
        this.partners = partners;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        AdminCalls.requireOperator(call);
        long id = PublicId.PARTNER.parse(call.path("partnerId")).orElseThrow(AdminCalls::notFound);
        return calls.once(
                call,
                connection -> partners.disable(connection, id)
                        .map(found -> found.orElseThrow(AdminCalls::notFound))
                        .compose(partner -> reply(call, connection, partner)));
    }

    private Future<Reply> reply(ApiCall call, SqlConnection connection, Partner partner) {
        return calls.audit(
                        connection,
                        call,
                        partner.tenantId(),
                        "partner.disabled",
                        PublicId.PARTNER.format(partner.id()),
                        Reasons.read(call.body()),
                        Map.of(
                                "name",
                                partner.name(),
                                "domain",
                                partner.domain().label()))
                .map(Reply.noContent());
    }
}
