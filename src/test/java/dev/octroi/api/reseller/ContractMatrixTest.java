package dev.octroi.api.reseller;

import static dev.octroi.api.reseller.ResellerServer.ALL_SCOPES;
import static dev.octroi.api.reseller.ResellerServer.OTHER_TENANT;
import static dev.octroi.api.reseller.ResellerServer.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.http.ContractOperation;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules that hold for every operation of the contract, tried on each. */
class ContractMatrixTest {
    /** A delivery that failed, a subscription that shares a volume, or one whose cases are settled. */
    private static final Set<String> NEEDS_MORE_THAN_AN_OBJECT = Set.of(
            "replayWebhookDelivery", "setMemberCap", "joinSharedAccount", "leaveSharedAccount", "eraseSubscription");

    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

    private static ResellerServer server;
    private static Map<String, String> own;
    private static Map<String, String> foreign;

    @BeforeAll
    static void start() throws Exception {
        server = new ResellerServer();
        own = objects(TENANT);
        foreign = objects(OTHER_TENANT);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static Map<String, String> objects(int tenant) throws Exception {
        Map<String, String> ids = new HashMap<>();
        String plan = server.francePlan(tenant);
        JsonObject order = server.created(tenant, "/v1/orders", Bodies.order(plan));
        ids.put("planId", plan);
        ids.put("zoneId", server.created(tenant, "/v1/zones", Bodies.zone()).getString("id"));
        ids.put("orderId", order.getString("id"));
        ids.put(
                "subscriptionId",
                order.getJsonArray("subscriptions").getJsonObject(0).getString("id"));
        long caseId = PublicId.SUBSCRIPTION.parse(ids.get("subscriptionId")).orElseThrow();
        TestDatabase.execute(server.config, """
                INSERT INTO support_case (tenant_id, vshard, id, subscription_id, summary, opened_by, opened_at)
                VALUES (%d, %d, %d, %d, 'An app sent much at night.', 'test', now())
                """.formatted(tenant, Ids.shardOf(caseId), caseId, caseId));
        ids.put("caseId", PublicId.CASE.format(caseId));
        TestDatabase.execute(server.config, """
                INSERT INTO webhook_endpoint (tenant_id, vshard, id, url, secret_sealed)
                VALUES (%d, %d, %d, 'https://hooks.example.com/octroi', '\\x00')
                """.formatted(tenant, Ids.shardOf(caseId), caseId));
        server.profileRows.insert(tenant, profileId(tenant, ids.get("subscriptionId")));
        ids.put("webhookId", PublicId.WEBHOOK.format(caseId));
        ids.put("eventId", PublicId.EVENT.format(caseId));
        return ids;
    }

    private static long profileId(int tenant, String subscriptionId) throws Exception {
        JsonObject subscription =
                server.get(tenant, "/v1/subscriptions/" + subscriptionId).bodyAsJsonObject();
        return PublicId.PROFILE
                .parse(subscription.getJsonObject("profile").getString("id"))
                .orElseThrow();
    }

    @Test
    void ownObjectsAreServedAndForeignOrForgedOnesAreNotThere() throws Exception {
        int tried = 0;
        for (ContractOperation operation : deletionsLast()) {
            Matcher parameter = PARAMETER.matcher(operation.template());
            if (!parameter.find() || !own.containsKey(parameter.group(1))) {
                continue;
            }
            String name = parameter.group(1);
            String forged = own.get(name).replaceAll("_.*", "_0ZZZZZZZZZZZZ");
            assertThat(status(TENANT, operation, Map.of(name, foreign.get(name))))
                    .as("%s of another tenant", operation.id())
                    .isEqualTo(404);
            assertThat(status(TENANT, operation, Map.of(name, forged)))
                    .as("%s forged", operation.id())
                    .isEqualTo(404);
            if (!NEEDS_MORE_THAN_AN_OBJECT.contains(operation.id())) {
                assertThat(status(TENANT, operation, own))
                        .as("%s own", operation.id())
                        .isLessThan(400);
            }
            tried++;
        }
        assertThat(tried).isGreaterThanOrEqualTo(23);
    }

    private static List<ContractOperation> deletionsLast() {
        return server.contract.operations().stream()
                .sorted(Comparator.comparingInt(ContractMatrixTest::turn))
                .toList();
    }

    /** What ends things comes last, and last of all what ends the subscription. */
    private static int turn(ContractOperation operation) {
        if (operation.id().equals("cancelSubscription")) {
            return 2;
        }
        return operation.method().equals(HttpMethod.DELETE) || operation.id().equals("replaceProfile") ? 1 : 0;
    }

    @Test
    void listsShowOnlyOwnObjects() throws Exception {
        for (String path : List.of(
                "/v1/plans",
                "/v1/zones",
                "/v1/orders",
                "/v1/top-ups",
                "/v1/subscriptions",
                "/v1/cases",
                "/v1/events",
                "/v1/webhooks")) {
            String listed = server.get(TENANT, path + (path.endsWith("webhooks") ? "" : "?limit=200"))
                    .bodyAsString();
            foreign.values().forEach(id -> assertThat(listed).as(path).doesNotContain(id));
        }
        JsonObject ofForeignOrder = server.get(TENANT, "/v1/subscriptions?orderId=" + foreign.get("orderId"))
                .bodyAsJsonObject();
        assertThat(ofForeignOrder.getJsonArray("items")).isEmpty();
    }

    @Test
    void everyOperationNeedsItsScopeAndNothingElse() throws Exception {
        for (ContractOperation operation : server.contract.operations()) {
            assertThat(operation.security()).as(operation.id()).hasSize(1);
            List<String> scopes = operation.security().getFirst().get("bearer");
            assertThat(scopes).as(operation.id()).hasSize(1);
            Set<String> others = new HashSet<>(List.of(ALL_SCOPES.split(" ")));
            assertThat(others.remove(scopes.getFirst())).as(operation.id()).isTrue();
            HttpResponse<Buffer> refused =
                    ResellerServer.await(begin(TENANT, String.join(" ", others), operation, own, body(operation)));
            assertThat(refused.statusCode()).as(operation.id()).isEqualTo(403);
        }
    }

    @Test
    void everyPostNeedsAKey() throws Exception {
        for (ContractOperation operation : server.contract.operations()) {
            if (operation.method().equals(HttpMethod.POST)) {
                HttpResponse<Buffer> refused = ResellerServer.await(server.begin(
                        TENANT, ALL_SCOPES, HttpMethod.POST, path(operation, own), Map.of(), body(operation)));
                assertThat(refused.statusCode()).as(operation.id()).isEqualTo(400);
                assertThat(refused.bodyAsJsonObject().getString("code"))
                        .as(operation.id())
                        .isEqualTo("idempotency_key_missing");
            }
        }
    }

    @Test
    void theOperatorIsNoReseller() throws Exception {
        for (ContractOperation operation : server.contract.operations()) {
            HttpResponse<Buffer> refused = ResellerServer.await(begin(0, ALL_SCOPES, operation, own, body(operation)));
            assertThat(refused.statusCode()).as(operation.id()).isEqualTo(403);
            assertThat(refused.bodyAsJsonObject().getString("code"))
                    .as(operation.id())
                    .isEqualTo("resellers_only");
        }
    }

    @Test
    void readOnlyMembersInABodyAreRefused() throws Exception {
        int tried = 0;
        for (ContractOperation operation : server.contract.operations()) {
            JsonObject body = body(operation);
            if (body == null) {
                continue;
            }
            for (String member : readOnlyMembers(operation)) {
                JsonObject more = body.copy().put(member, "1");
                HttpResponse<Buffer> response = ResellerServer.await(begin(TENANT, ALL_SCOPES, operation, own, more));
                assertThat(response.statusCode())
                        .as("%s with %s: %s", operation.id(), member, response.bodyAsString())
                        .isEqualTo(400);
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(20);
    }

    /** Members of the answer that the body of the request does not have, and some that nobody has. */
    private static Set<String> readOnlyMembers(ContractOperation operation) {
        Set<String> members = new HashSet<>(Set.of("tenantId", "tenant_id", "balance"));
        members.addAll(schema("responses", operation).fieldNames());
        members.removeAll(schema("requestBody", operation).fieldNames());
        return members;
    }

    private static JsonObject schema(String part, ContractOperation operation) {
        JsonObject document = server.contract.document();
        JsonObject described = document.getJsonObject("paths")
                .getJsonObject(operation.template().substring("/v1".length()))
                .getJsonObject(operation.method().name().toLowerCase(Locale.ROOT))
                .getJsonObject(part);
        if (part.equals("responses")) {
            described = described.getJsonObject(described.containsKey("201") ? "201" : "200");
        }
        String ref = described
                .getJsonObject("content")
                .getJsonObject("application/json")
                .getJsonObject("schema")
                .getString("$ref");
        return document.getJsonObject("components")
                .getJsonObject("schemas")
                .getJsonObject(ref.substring(ref.lastIndexOf('/') + 1))
                .getJsonObject("properties");
    }

    private static int status(int tenant, ContractOperation operation, Map<String, String> ids) throws Exception {
        return ResellerServer.await(begin(tenant, ALL_SCOPES, operation, ids, body(operation)))
                .statusCode();
    }

    private static io.vertx.core.Future<HttpResponse<Buffer>> begin(
            int tenant, String scopes, ContractOperation operation, Map<String, String> ids, JsonObject body)
            throws Exception {
        Map<String, String> headers = new HashMap<>();
        if (operation.method().equals(HttpMethod.POST)) {
            headers.put("Idempotency-Key", UUID.randomUUID().toString());
        }
        String path = path(operation, ids);
        if (operation.method().equals(HttpMethod.PUT)) {
            String tag = server.get(tenant, path).getHeader("ETag");
            headers.put("If-Match", tag == null ? "\"1\"" : tag);
        }
        return server.begin(tenant, scopes, operation.method(), path, headers, body);
    }

    private static String path(ContractOperation operation, Map<String, String> ids) {
        return PARAMETER.matcher(operation.template()).replaceAll(match -> {
            String nobodys = match.group(1)
                    .replace("Id", "_0000000000001")
                    .replace("webhook_", "whk_")
                    .replace("event_", "evt_");
            return ids.getOrDefault(match.group(1), nobodys);
        });
    }

    private static JsonObject body(ContractOperation operation) {
        return switch (operation.id()) {
            case "createPlan", "replacePlan" -> Bodies.plan();
            case "createZone", "replaceZone" -> Bodies.zone();
            case "createQuote" -> new JsonObject().put("planId", own.get("planId"));
            case "createOrder" -> Bodies.order(own.get("planId"));
            case "setTimeZone" -> new JsonObject().put("timeZone", "Asia/Tokyo");
            case "setNotices" -> new JsonObject().put("mail", "ann@example.org");
            case "setMemberCap" -> new JsonObject().put("cap", new JsonObject().put("bytes", 1_000_000));
            case "joinSharedAccount" -> new JsonObject().put("sharedWith", own.get("subscriptionId"));
            case "replaceProfile", "resetDownload", "leaveSharedAccount", "cancelSubscription", "eraseSubscription" ->
                new JsonObject().put("reason", "test");
            case "openCase" -> new JsonObject().put("summary", "test");
            case "findSubscription" -> new JsonObject().put("iccid", "8988247000000000017");
            case "createTopUp" -> new JsonObject().put("bytes", 1_000_000);
            case "pauseSubscription", "suspendSubscription", "resumeSubscription" ->
                new JsonObject().put("note", "test");
            case "setOverage" -> new JsonObject().put("agreed", false);
            case "replaceRules", "simulateRules" -> Bodies.rules();
            case "createWebhook" -> new JsonObject().put("url", "https://hooks.example.com/octroi");
            case "enableWebhook" -> new JsonObject();
            case "rotateWebhookSecret" -> new JsonObject().put("overlapSeconds", 60);
            default -> null;
        };
    }
}
