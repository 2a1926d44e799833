package dev.octroi.api.admin;

import dev.octroi.access.Es2Terms;
import dev.octroi.access.Partner;
import dev.octroi.access.Partners;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** {@code PUT /partners/{partnerId}/es2}. */
final class ReplacePartnerEs2Handler implements OperationHandler {
    private final AdminCalls calls;
    private final Partners partners;

    ReplacePartnerEs2Handler(AdminCalls calls, Partners partners) {
        this.calls = calls;
        this.partners = partners;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        AdminCalls.requireOperator(call);
        long id = PublicId.PARTNER.parse(call.path("partnerId")).orElseThrow(AdminCalls::notFound);
        Es2Terms wanted = Es2TermsJson.read(call.body());
        return calls.run(connection -> partners.byId(connection, id)
                .compose(found -> replace(call, connection, found.orElseThrow(AdminCalls::notFound), wanted)));
    }

    private Future<Reply> replace(ApiCall call, SqlConnection connection, Partner before, Es2Terms wanted) {
        return partners.replaceTerms(connection, before.id(), wanted)
                .map(found -> found.orElseThrow(AdminCalls::notFound))
                .compose(after -> calls.auditChange(
                                connection,
                                call,
                                after.tenantId(),
                                "partner.es2_changed",
                                PublicId.PARTNER.format(after.id()),
                                Es2TermsJson.write(before.es2()).getMap(),
                                Es2TermsJson.write(after.es2()).getMap())
                        .map(Reply.ok(PartnerJson.write(after))));
    }
}
