package dev.octroi.api.admin;

import dev.octroi.access.Partner;
import dev.octroi.access.Partners;
import dev.octroi.callback.connector.ConnectorJson;
import dev.octroi.callback.connector.RadiusAddress;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import dev.octroi.pki.TrustDomain;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.DatabaseException;
import io.vertx.sqlclient.SqlConnection;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code POST /partners}. */
final class RegisterPartnerHandler implements OperationHandler {
    private static final String UNIQUE_VIOLATION = "23505";

    private final AdminCalls calls;
    private final Partners partners;
    private final Ids ids;
    private final PartnerConnectors connectors;

    RegisterPartnerHandler(AdminCalls calls, Partners partners, Ids ids, PartnerConnectors connectors) {
        this.calls = calls;
        this.partners = partners;
        this.ids = ids;
        this.connectors = connectors;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        AdminCalls.requireOperator(call);
        X509Certificate certificate = certificate(call.body().getString("certificate"));
        Partner partner = partner(call);
        requireUsable(partner);
        Optional<PartnerConnectors.Described> connector = connector(call, partner);
        return calls.once(call, connection -> register(call, connection, partner, certificate, connector));
    }

    private Future<Reply> register(
            ApiCall call,
            SqlConnection connection,
            Partner partner,
            X509Certificate certificate,
            Optional<PartnerConnectors.Described> connector) {
        return requireTenant(connection, partner)
                .compose(there -> partners.tenantOf(connection, partner.name()))
                .compose(before -> partners.register(connection, partner, certificate)
                        .recover(failure -> Future.failedFuture(refusal(failure)))
                        .map(partner::withId)
                        .compose(kept -> connector
                                .map(described -> connectors.replace(connection, kept, described))
                                .orElseGet(() -> Future.succeededFuture(kept)))
                        .compose(kept -> audit(call, connection, before, kept)
                                .map(done -> Reply.json(201, PartnerJson.write(kept)))));
    }

    /** The tenant that it served before reads, too, that it does not any more. */
    private Future<Void> audit(ApiCall call, SqlConnection connection, Optional<Integer> before, Partner kept) {
        NavigableSet<Integer> concerned = new TreeSet<>(Set.of(kept.tenantId()));
        before.ifPresent(concerned::add);
        Future<Void> all = Future.succeededFuture();
        for (int tenantId : concerned) {
            all = all.compose(done -> calls.audit(
                    connection,
                    call,
                    tenantId,
                    "partner.registered",
                    PublicId.PARTNER.format(kept.id()),
                    null,
                    audited(kept)));
        }
        return all;
    }

    private static Map<String, ?> audited(Partner kept) {
        return Map.of(
                "name",
                kept.name(),
                "tenant",
                TenantJson.id(kept.tenantId()),
                "domain",
                kept.domain().label(),
                "callbackUrl",
                kept.callbackUrl().orElse(""),
                "connector",
                kept.told().map(told -> ConnectorJson.write(told).getMap()).orElse(Map.of()),
                "es2",
                Es2TermsJson.write(kept.es2()).getMap());
    }

    /** What a partner of a tenant that does not exist orders or reports could never be written. */
    private Future<Void> requireTenant(SqlConnection connection, Partner partner) {
        if (partner.tenantId() == AdminCalls.OPERATOR) {
            return Future.succeededFuture();
        }
        return calls.requireTenant(connection, partner.tenantId())
                .recover(failure -> Future.failedFuture(
                        failure instanceof ProblemException
                                ? Problem.of(ProblemType.INVALID_REQUEST)
                                        .withErrors(List.of(new Problem.Place("#/tenantId", "There is no such tenant")))
                                        .toException()
                                : failure));
    }

    private Partner partner(ApiCall call) {
        JsonObject body = call.body();
        String tenant = body.getString("tenantId");
        return new Partner(
                tenant == null ? AdminCalls.OPERATOR : AdminCalls.tenant(call, tenant),
                ids.next(),
                TrustDomain.ofLabel(body.getString("domain")).orElseThrow(AdminCalls::notFound),
                body.getString("name"),
                Set.copyOf(texts(body, "operations")),
                texts(body, "imsiPrefixes"),
                Optional.ofNullable(body.getString("callbackUrl")),
                Es2TermsJson.read(body.getJsonObject("es2")));
    }

    /** What the contract cannot tell of an address. */
    private static void requireUsable(Partner partner) {
        if (partner.domain() == TrustDomain.RESELLER) {
            throw PartnerConnectors.invalid("#/domain", "Nobody trusts certificates of this domain");
        }
        String url = partner.callbackUrl().orElse("");
        boolean radius = url.startsWith(RadiusAddress.SCHEME + ":");
        if (url.isEmpty() || (partner.domain() != TrustDomain.NETWORK && !radius)) {
            return;
        }
        if (radius
                && (partner.domain() != TrustDomain.NETWORK
                        || RadiusAddress.read(url).isEmpty())) {
            throw PartnerConnectors.invalid(
                    "#/callbackUrl", "RADIUS is for partners of the network, at an address in numbers");
        }
        if (!radius) {
            PartnerConnectors.requireAddress(url, "#/callbackUrl");
        }
    }

    private static Optional<PartnerConnectors.Described> connector(ApiCall call, Partner partner) {
        JsonObject json = call.body().getJsonObject("connector");
        if (json == null) {
            return Optional.empty();
        }
        if (partner.callbackUrl().isPresent()) {
            throw PartnerConnectors.invalid(
                    "#/connector", "Either callbackUrl or connector says how it is told policies");
        }
        return Optional.of(PartnerConnectors.read(json, partner.domain(), "#/connector"));
    }

    private static Throwable refusal(Throwable failure) {
        boolean taken = failure instanceof DatabaseException sql && UNIQUE_VIOLATION.equals(sql.getSqlState());
        return taken
                ? Problem.of(ProblemType.CONFLICT, "The certificate's key belongs to a partner of another name")
                        .withCode("key_taken")
                        .toException()
                : failure;
    }

    private static X509Certificate certificate(String pem) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw Problem.of(ProblemType.INVALID_REQUEST)
                    .withErrors(List.of(new Problem.Place("#/certificate", "It is not an X.509 certificate in PEM")))
                    .toException();
        }
    }

    private static List<String> texts(JsonObject json, String name) {
        return json.getJsonArray(name, new JsonArray()).stream()
                .map(String::valueOf)
                .toList();
    }
}
