package dev.octroi.api.admin;

import dev.octroi.access.ChargingTerms;
import dev.octroi.access.Es2Terms;
import dev.octroi.access.Partner;
import dev.octroi.access.Partners;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code PUT /partners/{partnerId}/es2} and {@code PUT /partners/{partnerId}/charging}.
 *
 * @param <T> the terms
 */
final class ReplacePartnerTermsHandler<T> implements OperationHandler {
    private final AdminCalls calls;
    private final Partners partners;
    private final Kind<T> kind;

    /**
     * One kind of terms.
     *
     * @param action the audit's word for the change
     * @param of the terms of a partner
     */
    private record Kind<T>(
            String action,
            Function<JsonObject, T> read,
            Function<T, JsonObject> write,
            Function<Partner, T> of,
            Replacement<T> replacement) {}

    /** Writes new terms of a partner; empty when there is no such partner. */
    @FunctionalInterface
    private interface Replacement<T> {
        Future<Optional<Partner>> replace(SqlConnection connection, long id, T terms);
    }

    private ReplacePartnerTermsHandler(AdminCalls calls, Partners partners, Kind<T> kind) {
        this.calls = calls;
        this.partners = partners;
        this.kind = kind;
    }

    static OperationHandler es2(AdminCalls calls, Partners partners) {
        return new ReplacePartnerTermsHandler<Es2Terms>(
                calls,
                partners,
                new Kind<>(
                        "partner.es2_changed",
                        Es2TermsJson::read,
                        Es2TermsJson::write,
                        Partner::es2,
                        partners::replaceTerms));
    }

    static OperationHandler charging(AdminCalls calls, Partners partners) {
        return new ReplacePartnerTermsHandler<ChargingTerms>(
                calls,
                partners,
                new Kind<>(
                        "partner.charging_changed",
                        ChargingTermsJson::read,
                        ChargingTermsJson::write,
                        Partner::charging,
                        partners::replaceCharging));
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        AdminCalls.requireOperator(call);
        long id = PublicId.PARTNER.parse(call.path("partnerId")).orElseThrow(AdminCalls::notFound);
        T wanted = kind.read().apply(call.body());
        return calls.run(connection -> partners.byId(connection, id)
                .compose(found -> replace(call, connection, found.orElseThrow(AdminCalls::notFound), wanted)));
    }

    private Future<Reply> replace(ApiCall call, SqlConnection connection, Partner before, T wanted) {
        return kind.replacement()
                .replace(connection, before.id(), wanted)
                .map(found -> found.orElseThrow(AdminCalls::notFound))
                .compose(after -> calls.auditChange(
                                connection,
                                call,
                                after.tenantId(),
                                kind.action(),
                                PublicId.PARTNER.format(after.id()),
                                told(before),
                                told(after))
                        .map(Reply.ok(PartnerJson.write(after))));
    }

    private Map<String, Object> told(Partner partner) {
        return kind.write().apply(kind.of().apply(partner)).getMap();
    }
}
