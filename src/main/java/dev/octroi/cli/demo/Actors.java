package dev.octroi.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.access.Scopes;
import dev.octroi.access.SigningKeys;
import dev.octroi.access.TokenGrant;
import dev.octroi.access.TokenIssuer;
import dev.octroi.access.TokenRules;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TrustDomain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The people and machines of the story, as real clients with credentials of their own. */
final class Actors implements AutoCloseable {
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(10);
    private static final Set<String> RESELLER_SCOPES = Set.of(
            "plans:read",
            "plans:write",
            "orders:read",
            "orders:write",
            "subscriptions:read",
            "subscriptions:write",
            "usage:read",
            "policies:read",
            "policies:write",
            "webhooks:read",
            "webhooks:write",
            "events:read",
            "cases:read");

    private final Path dataDirectory;
    private final ApiClient anyone;
    private final ApiClient network;
    private final TokenIssuer issuer;
    private final String tenantId;
    private final ApiClient reseller;

    private Actors(
            Path dataDirectory,
            ApiClient anyone,
            ApiClient network,
            TokenIssuer issuer,
            String tenantId,
            ApiClient reseller) {
        this.dataDirectory = dataDirectory;
        this.anyone = anyone;
        this.network = network;
        this.issuer = issuer;
        this.tenantId = tenantId;
        this.reseller = reseller;
    }

    /** Makes a tenant with a reseller's client, registers the network and the operator, and logs everyone in. */
    static Actors arrive(Path dataDirectory, GatewayProcess.Ports ports, DevPki pki, Receivers receivers)
            throws IOException, GeneralSecurityException {
        Path publicRoot = pki.domain(TrustDomain.PUBLIC).rootFile();
        ApiClient anyone = new ApiClient("https://localhost:" + ports.publicPort(), Tls.trusting(publicRoot));
        TlsFiles card = pki.domain(TrustDomain.NETWORK).client("demo-network");
        ApiClient network = new ApiClient(
                "https://localhost:" + ports.operator(),
                Tls.showing(card, pki.domain(TrustDomain.OPERATOR).rootFile()));
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        TokenIssuer issuer = new TokenIssuer(
                SigningKeys.open(dataDirectory, clock, random),
                TokenRules.of(Optional.empty(), TOKEN_LIFE),
                clock,
                random);
        ApiClient operator = anyone.withToken(issuer.issue(TokenGrant.of(0, "demo:operator", Scopes.GRANTABLE)));
        String slug = "demo-" + Long.toString(clock.millis(), 36);
        String tenantId = operator.post(
                        "/admin/v1/tenants",
                        object("slug", slug, "name", "Demo travel shop"),
                        idempotent("tenant", slug))
                .expect(201)
                .json()
                .get("id")
                .asText();
        register(
                operator,
                "network",
                partner("demo-network", card, "usage:report", "location:report")
                        .set(
                                "connector",
                                object(
                                        "kind",
                                        "signed_http",
                                        "url",
                                        receivers.network().policyUrl(),
                                        "stateUrl",
                                        receivers.network().stateUrl())));
        register(
                operator,
                "sm-dp",
                partner("demo-operator", pki.domain(TrustDomain.SM_DP).client("demo-operator"), "es2plus:order")
                        .put("callbackUrl", receivers.operatorUrl()));
        ApiClient reseller = anyone.withToken(logIn(anyone, operator, tenantId, slug));
        return new Actors(dataDirectory, anyone, network, issuer, tenantId, reseller);
    }

    /** A browser or a script without any credential. */
    ApiClient anyone() {
        return anyone;
    }

    ApiClient network() {
        return network;
    }

    ApiClient reseller() {
        return reseller;
    }

    String tenantId() {
        return tenantId;
    }

    Path dataDirectory() {
        return dataDirectory;
    }

    /** An admin of the installation with these scopes. */
    ApiClient admin(String name, String... scopes) {
        return anyone.withToken(issuer.issue(TokenGrant.of(0, "demo:" + name, Set.of(scopes))));
    }

    /** A header that makes a write safe to repeat. */
    static Map<String, String> idempotent(String... parts) {
        return Map.of("Idempotency-Key", "\"" + String.join("-", parts) + "\"");
    }

    /** A JSON object of texts. */
    static ObjectNode object(String... namesAndValues) {
        ObjectNode node = ApiClient.JSON.createObjectNode();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            node.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return node;
    }

    @Override
    public void close() {
        network.close();
        anyone.close();
    }

    private static String logIn(ApiClient anyone, ApiClient operator, String tenantId, String slug) throws IOException {
        ObjectNode client = object("name", "Demo shop back end");
        RESELLER_SCOPES.forEach(client.putArray("scopes")::add);
        ApiClient.Answer created = operator.post(
                        "/admin/v1/tenants/" + tenantId + "/clients", client, idempotent("client", slug))
                .expect(201);
        String pair = created.json().get("clientId").asText() + ":"
                + created.json().get("clientSecret").asText();
        String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        return anyone.send(
                        "POST",
                        "/oauth/token",
                        "application/x-www-form-urlencoded",
                        "grant_type=client_credentials",
                        Map.of("Authorization", "Basic " + basic))
                .expect(200)
                .json()
                .get("access_token")
                .asText();
    }

    private static ObjectNode partner(String name, TlsFiles card, String... operations) throws IOException {
        ObjectNode partner = object("name", name, "certificate", firstCertificate(card.chain()));
        List.of(operations).forEach(partner.putArray("operations")::add);
        return partner;
    }

    private static void register(ApiClient operator, String domain, ObjectNode partner) throws IOException {
        partner.put("domain", domain);
        ApiClient.Answer answer = operator.post(
                "/admin/v1/partners",
                partner,
                idempotent(
                        "partner",
                        domain,
                        Integer.toHexString(partner.toString().hashCode())));
        if (answer.status() != 200) {
            answer.expect(201);
        }
    }

    private static String firstCertificate(Path chain) throws IOException {
        String pem = Files.readString(chain);
        String end = "-----END CERTIFICATE-----";
        return pem.substring(0, pem.indexOf(end) + end.length()) + "\n";
    }
}
