package dev.octroi.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.access.Scopes;
import dev.octroi.access.SigningKeys;
import dev.octroi.access.TokenGrant;
import dev.octroi.access.TokenIssuer;
import dev.octroi.access.TokenRules;
import dev.octroi.cli.demo.ApiClient;
import dev.octroi.cli.demo.GatewayProcess;
import dev.octroi.cli.demo.Tls;
import dev.octroi.db.PublicId;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.TrustDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A reseller that sells plans over the public API, as any shop would: what is downloaded was ordered. */
final class BenchShop implements AutoCloseable {
    private static final int MAX_QUANTITY = 20;
    private static final String PEM_END = "-----END CERTIFICATE-----";
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(15);

    private final ApiClient anyone;
    private final TokenIssuer issuer;
    private final int tenant;
    private final String plan;
    private int calls;

    BenchShop(Path dataDirectory, GatewayProcess.Ports ports) throws IOException, GeneralSecurityException {
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        DevPki pki = DevPki.ensure(dataDirectory.resolve("pki"), clock, random);
        this.anyone = new ApiClient(
                "https://localhost:" + ports.publicPort(),
                Tls.trusting(pki.domain(TrustDomain.PUBLIC).rootFile()));
        this.issuer = new TokenIssuer(
                SigningKeys.open(dataDirectory, clock, random),
                TokenRules.of(Optional.empty(), TOKEN_LIFE),
                clock,
                random);
        String id = create(0, "/admin/v1/tenants", object().put("slug", "bench").put("name", "Bench"));
        this.tenant = Math.toIntExact(PublicId.TENANT.parse(id).orElseThrow());
        this.plan = create(tenant, "/v1/plans", plan());
    }

    /** Sells new subscriptions; gives their activation codes. */
    List<String> sell(int count) throws IOException {
        List<String> codes = new ArrayList<>(count);
        while (codes.size() < count) {
            int quantity = Math.min(MAX_QUANTITY, count - codes.size());
            ObjectNode order = object().put("planId", plan).put("quantity", quantity);
            JsonNode sold = post(tenant, "/v1/orders", order);
            ApiClient reseller = as(tenant);
            for (JsonNode subscription : sold.get("subscriptions")) {
                String path = "/v1/subscriptions/" + subscription.get("id").asText() + "/activation";
                codes.add(reseller.get(path).expect(200).json().get("code").asText());
            }
        }
        return codes;
    }

    /** A subscription that runs from its order on, as a network knows it. */
    record Sold(String id, String iccid) {}

    /** Sells subscriptions of so many bytes that are slowed down when these are gone. */
    List<Sold> sellSmall(int count, long quotaBytes) throws IOException {
        ObjectNode terms = plan().put("includedBytes", quotaBytes);
        terms.set(
                "validity", object().put("start", "on_order").put("unit", "day").put("amount", 7));
        ObjectNode after = object().put("action", "slow");
        after.set("rate", object().put("up", 384).put("down", 384));
        terms.set("afterExhaustion", after);
        String small = create(tenant, "/v1/plans", terms);
        List<Sold> sold = new ArrayList<>(count);
        while (sold.size() < count) {
            int quantity = Math.min(MAX_QUANTITY, count - sold.size());
            JsonNode order =
                    post(tenant, "/v1/orders", object().put("planId", small).put("quantity", quantity));
            ApiClient reseller = as(tenant);
            for (JsonNode subscription : order.get("subscriptions")) {
                String id = subscription.get("id").asText();
                JsonNode read =
                        reseller.get("/v1/subscriptions/" + id).expect(200).json();
                sold.add(new Sold(id, read.at("/profile/iccid").asText()));
            }
        }
        return sold;
    }

    /** Lets a network element report usage. */
    void registerNetwork(String name, Path chain) throws IOException {
        String pem = Files.readString(chain);
        ObjectNode partner = object().put("name", name)
                .put("domain", "network")
                .put("certificate", pem.substring(0, pem.indexOf(PEM_END) + PEM_END.length()) + "\n");
        partner.putArray("operations").add("usage:report");
        create(0, "/admin/v1/partners", partner);
    }

    @Override
    public void close() {
        anyone.close();
    }

    private static ObjectNode plan() {
        ObjectNode plan = object().put("name", "Bench").put("includedBytes", 3_000_000_000L);
        plan.set("price", object().put("amount", "9.90").put("currency", "EUR"));
        plan.set(
                "validity",
                object().put("start", "on_install").put("unit", "day").put("amount", 7));
        plan.set("afterExhaustion", object().put("action", "stop"));
        plan.putArray("countries").add("FR");
        return plan.put("drainPolicy", "notify");
    }

    /** Administrators find the tenant under it. */
    String adminPath() {
        return "/admin/v1/tenants/" + PublicId.TENANT.format(tenant);
    }

    String create(int who, String path, ObjectNode body) throws IOException {
        return post(who, path, body).path("id").asText();
    }

    private JsonNode post(int who, String path, ObjectNode body) throws IOException {
        Map<String, String> once = Map.of("Idempotency-Key", "\"bench-" + ++calls + "\"");
        try {
            return as(who).post(path, body, once).expect(201).json();
        } catch (IOException closed) {
            // The gateway closed a connection that had been idle during a run; the key makes it safe to say it again.
            return as(who).post(path, body, once).expect(201).json();
        }
    }

    /** A token lives for minutes and a bench for longer: a new one for each call costs little. */
    ApiClient as(int who) {
        return anyone.withToken(issuer.issue(TokenGrant.of(who, "bench", Scopes.GRANTABLE)));
    }

    private static ObjectNode object() {
        return ApiClient.JSON.createObjectNode();
    }
}
