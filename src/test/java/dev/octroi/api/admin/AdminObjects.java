package dev.octroi.api.admin;

import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.http.Contract;
import dev.octroi.http.ContractOperation;
import dev.octroi.pki.TrustDomain;
import dev.octroi.rsp.profile.TestPackages;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One of each thing that a path of the admin API can name, of tenant 1, and a body that each operation takes. */
final class AdminObjects {
    static final String CARDS = "iccid,imsi,k,opc\n"
            + "8949900000000000011,208930000000001,465b5ce8b199b49faa5f0a2ee238a6bc,cd63cb71954a9f4e48a5994e37a02baf\n";
    private static final String TENANT = "ten_0000000000001";

    private final AdminServer server;
    private final Contract contract;
    private final String scopes;
    private int made;

    AdminObjects(AdminServer server, Contract contract, String scopes) throws Exception {
        this.server = server;
        this.contract = contract;
        this.scopes = scopes;
        TestDatabase.execute(
                server.config,
                "INSERT INTO tenant (slug, name) VALUES ('one', 'One')",
                "INSERT INTO tenant (slug, name) VALUES ('two', 'Two')");
    }

    /** New things; what one operation does to them is not met by the next. */
    Map<String, String> make() throws Exception {
        AdminServer.Family family = server.family(1);
        String name = "thing-" + made++;
        Map<String, String> ids = new HashMap<>();
        ids.put("tenantId", TENANT);
        ids.put("owner", "reseller");
        ids.put("batch", "batch-7");
        ids.put("planId", PublicId.PLAN.format(1));
        ids.put("subscriptionId", PublicId.SUBSCRIPTION.format(family.member()));
        ids.put(
                "clientId",
                created(
                        "/tenants/" + TENANT + "/clients",
                        named("createClient").put("scopes", new JsonArray().add("usage:read"))));
        ids.put("profileType", name);
        created("/tenants/" + TENANT + "/profile-types", profileType().put("name", name));
        ids.put(
                "changeId",
                created(
                        "/tenants/" + TENANT + "/policy-changes",
                        named("proposePolicyChange").put("target", new JsonObject().put("all", true))));
        ids.put("partnerId", partner(TrustDomain.SM_DP, "es2:order"));
        ids.put("networkPartner", partner(TrustDomain.NETWORK, "usage:report"));
        profile(family.member());
        created("/block-list", named("loadBlockList"));
        ids.put("caseId", supportCase(family.member()));
        ids.put("recordId", quarantined(name));
        ids.put("callbackId", deadLetter(family.owner()));
        return ids;
    }

    /** As whoever asks for a tenant. */
    String credential(int tenantId, String person) {
        return tenantId + "/" + person + "/" + scopes;
    }

    private String created(String path, JsonObject body) throws Exception {
        HttpResponse<Buffer> response = server.call(
                credential(path.startsWith("/tenants/" + TENANT) ? 1 : 0, "maker"), HttpMethod.POST, path, body);
        if (response.statusCode() != 201) {
            throw new IllegalStateException(path + ": " + response.bodyAsString());
        }
        JsonObject made = response.bodyAsJsonObject();
        return made.containsKey("clientId") ? made.getString("clientId") : made.getString("id", "");
    }

    private String partner(TrustDomain domain, String operation) throws Exception {
        return server.call(credential(0, "maker"), HttpMethod.POST, "/partners", partnerBody(domain, operation))
                .bodyAsJsonObject()
                .getString("id");
    }

    private void profile(long subscription) throws Exception {
        String id = TestDatabase.rows(
                        server.config, "SELECT profile_id::text FROM subscription WHERE id = " + subscription)
                .getFirst();
        server.profileRows.insert(1, Long.parseLong(id));
    }

    private String supportCase(long subscription) throws Exception {
        long id = server.ids.next(Ids.shardOf(subscription));
        TestDatabase.execute(server.config, """
                INSERT INTO support_case (tenant_id, vshard, id, subscription_id, summary, opened_by, opened_at)
                VALUES (1, %d, %d, %d, 'An app sent much at night.', 'test', now())
                """.formatted(Ids.shardOf(id), id, subscription));
        return PublicId.CASE.format(id);
    }

    private String quarantined(String key) throws Exception {
        TestDatabase.execute(server.config, """
                INSERT INTO quarantine (tenant_id, vshard, source, key, reason, id_kind, id_hash, record, received_at)
                VALUES (1, 0, 'net-a', '%s', 'too_late', 'IMSI', decode(repeat('ab', 16), 'hex'), jsonb_build_object(
                    'meaning', 'DELTA', 'counterBits', 64, 'start', '2026-11-01T10:00:00Z', 'end', '2026-11-01T10:00:00Z',
                    'up', 1000, 'down', 4000, 'plmn', '208-01', 'country', 'FR', 'rat', 'NR', 'category', 'web'), now())
                """.formatted(key));
        String id = TestDatabase.rows(server.config, "SELECT id::text FROM quarantine WHERE key = '" + key + "'")
                .getFirst();
        return PublicId.QUARANTINED.format(Long.parseLong(id));
    }

    private String deadLetter(long key) throws Exception {
        long id = server.ids.next(Ids.shardOf(key));
        TestDatabase.execute(server.config, """
                INSERT INTO outbox (tenant_id, vshard, id, stream, key, version, created_at, next_at, attempts, state,
                                    done_at, last_status, last_error)
                VALUES (1, %d, %d, 'network', %d, 1, now(), now(), 1, 'dead', now(), 403, 'status 403')
                """.formatted(Ids.shardOf(key), id, key));
        return PublicId.CALLBACK.format(id);
    }

    /** What the contract gives as an example of the operation's body, made to fit what is there; null where it has none. */
    @Nullable
    JsonObject body(ContractOperation operation) throws Exception {
        if (operation.bodyKind() == ContractOperation.BodyKind.NONE) {
            return null;
        }
        JsonObject example = example(operation);
        return switch (operation.id()) {
            // Nobody gives away what is not its own, and the example's scopes are those of the other API.
            case "createClient" -> example.put("scopes", new JsonArray().add("usage:read"));
            // Legal holds are the operator's.
            case "suspendAccount", "resumeAccount" -> example.put("class", "administrative");
            case "createTenant" -> example.put("slug", "shop-" + made++);
            case "registerPartner" -> partnerBody(TrustDomain.SM_DP, "es2:order");
            case "createProfileType" -> profileType().put("name", "type-" + made++);
            case "replaceProfileType" -> profileType();
            case "proposePolicyChange" -> example.put("target", new JsonObject().put("all", true));
            case "retireStock" -> new JsonObject().put("reason", "recalled");
            default -> example;
        };
    }

    private JsonObject named(String operationId) {
        return contract.operations().stream()
                .filter(operation -> operation.id().equals(operationId))
                .map(this::example)
                .findFirst()
                .orElseThrow();
    }

    private JsonObject example(ContractOperation operation) {
        JsonObject document = contract.document();
        String ref = document.getJsonObject("paths")
                .getJsonObject(operation.template().substring("/admin/v1".length()))
                .getJsonObject(operation.method().name().toLowerCase(Locale.ROOT))
                .getJsonObject("requestBody")
                .getJsonObject("content")
                .getJsonObject("application/json")
                .getJsonObject("examples")
                .getJsonObject("example")
                .getString("$ref");
        return document.getJsonObject("components")
                .getJsonObject("examples")
                .getJsonObject(ref.substring(ref.lastIndexOf('/') + 1))
                .getJsonObject("value")
                .copy();
    }

    private JsonObject partnerBody(TrustDomain domain, String operation) throws Exception {
        return new JsonObject()
                .put("name", "mno-" + domain.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("domain", domain == TrustDomain.SM_DP ? "sm-dp" : "network")
                .put(
                        "certificate",
                        Files.readString(server.pki.domain(domain).client("mno").chain()))
                .put("operations", new JsonArray().add(operation));
    }

    private static JsonObject profileType() throws IOException {
        return new JsonObject()
                .put("serviceProviderName", "Operator")
                .put("profileName", "Operator travel")
                .put("owner", new JsonObject().put("plmn", "208-93"))
                .put("package", Base64.getEncoder().encodeToString(TestPackages.operator()));
    }
}
