package dev.octroi.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.PublicId;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes over many subscriptions over HTTP; one person may change three subscriptions a day alone. */
class PolicyChangeApiTest {
    private static final String ROOT = "0/root/tenants:write clients:write policies:read policies:write";
    private static final String APPROVER = "0/second/policies:read policies:approve";

    private static AdminServer server;
    private static int people;

    private String tenant = "";
    private int number;
    private String ada = "";
    private String bob = "";

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = new AdminServer(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void tenant() throws Exception {
        JsonObject body = new JsonObject().put("slug", "shop-" + people++).put("name", "Shop");
        tenant = server.call(ROOT, HttpMethod.POST, "/tenants", body)
                .bodyAsJsonObject()
                .getString("id");
        number = (int) PublicId.TENANT.parse(tenant).orElseThrow();
        ada = number + "/ada/policies:read policies:write policies:approve";
        bob = number + "/bob/policies:read policies:approve";
    }

    @Test
    void aLargeChangeWaitsForSomebodyElseOnTheVersionTheyRead() throws Exception {
        sell(5);
        JsonObject change = proposed(rule(), all());
        assertThat(change.getString("state")).isEqualTo("waiting");
        assertThat(change.getString("expiresAt")).isNotNull();
        turnTheHandle();
        assertThat(items(change).getInteger("pending")).isEqualTo(5);
        String approve = path(change) + "/approve";
        assertThat(wish(ada, approve, "\"1\"").statusCode()).isEqualTo(403);
        assertThat(wish(ada, approve, "\"1\"").bodyAsJsonObject().getString("code"))
                .isEqualTo("needs_second_person");
        assertThat(wish(bob, approve, null).statusCode()).isEqualTo(428);
        assertThat(wish(bob, approve, "\"7\"").statusCode()).isEqualTo(412);
        String writer = number + "/carl/policies:read policies:write";
        assertThat(wish(writer, approve, "\"1\"").statusCode()).isEqualTo(403);
        HttpResponse<Buffer> approved = wish(bob, approve, "\"1\"");
        assertThat(approved.statusCode()).as(approved.bodyAsString()).isEqualTo(200);
        assertThat(approved.getHeader("ETag")).isEqualTo("\"2\"");
        assertThat(approved.bodyAsJsonObject().getString("decidedBy")).isEqualTo("bob");
        assertThat(wish(bob, approve, "\"2\"").statusCode()).as("once").isEqualTo(409);
        turnTheHandle();
        JsonObject done = read(change);
        assertThat(done.getString("state")).isEqualTo("completed");
        assertThat(done.getJsonObject("items").getInteger("applied")).isEqualTo(5);
        assertThat(actions(change))
                .contains("policy_change.proposed", "policy_change.approved", "policy_change.completed");
    }

    @Test
    void aSmallChangeNeedsNobodyAndIsUndoneWithWhatWasThereBefore() throws Exception {
        List<Long> sold = sell(2);
        JsonObject change = proposed(rule(), all());
        assertThat(change.getString("state")).isEqualTo("running");
        turnTheHandle();
        JsonObject page =
                server.call(ada, HttpMethod.GET, path(change) + "/items", null).bodyAsJsonObject();
        assertThat(page.getJsonArray("items")).hasSize(2);
        assertThat(page.getJsonArray("items").getJsonObject(0).getJsonObject("before"))
                .isEqualTo(new JsonObject().putNull("rule"));
        assertThat(rules(sold.getFirst())).hasSize(1);
        assertThat(wish(ada, path(change) + "/undo", null).statusCode()).isEqualTo(200);
        turnTheHandle();
        assertThat(read(change).getString("state")).isEqualTo("undone");
        assertThat(rules(sold.getFirst())).isEmpty();
        assertThat(wish(ada, path(change) + "/undo", null).statusCode()).isEqualTo(409);
    }

    @Test
    void aWaitingChangeIsRejectedOrWithdrawnAndNothingHappens() throws Exception {
        sell(4);
        JsonObject one = proposed(rule(), all());
        assertThat(wish(bob, path(one) + "/reject", "\"1\"").bodyAsJsonObject().getString("state"))
                .isEqualTo("rejected");
        JsonObject two = proposed(rule(), all());
        assertThat(wish(ada, path(two) + "/undo", null).bodyAsJsonObject().getString("state"))
                .isEqualTo("withdrawn");
        turnTheHandle();
        assertThat(items(one).getInteger("pending")).isEqualTo(4);
        assertThat(items(two).getInteger("pending")).isEqualTo(4);
        HttpResponse<Buffer> rejected = server.call(ada, HttpMethod.GET, path() + "?state=rejected", null);
        assertThat(rejected.bodyAsJsonObject().getJsonArray("items")).hasSize(1);
    }

    @Test
    void aReasonOfTheMostCharactersIsAppliedAndOneWithNothingToReadIsNoProposal() throws Exception {
        sell(1);
        for (String blank : List.of(" ", "\u3000", "\u00a0\u2003")) {
            JsonObject body = proposal(rule(), all()).put("reason", blank);
            assertThat(server.call(ada, HttpMethod.POST, path(), body).statusCode())
                    .isEqualTo(400);
        }
        HttpResponse<Buffer> proposed = server.call(
                ada, HttpMethod.POST, path(), proposal(rule(), all()).put("reason", "😀".repeat(200)));
        assertThat(proposed.statusCode()).as(proposed.bodyAsString()).isEqualTo(201);
        turnTheHandle();
        JsonObject done = read(proposed.bodyAsJsonObject());
        assertThat(done.getString("state")).isEqualTo("completed");
        assertThat(done.getJsonObject("items").getInteger("applied")).isEqualTo(1);
    }

    @Test
    void theSameKeyProposesOnce() throws Exception {
        sell(1);
        JsonObject body = proposal(rule(), all());
        HttpResponse<Buffer> first = server.call(ada, HttpMethod.POST, path(), body, "once-" + number, null);
        HttpResponse<Buffer> second = server.call(ada, HttpMethod.POST, path(), body, "once-" + number, null);
        assertThat(second.getHeader("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.bodyAsJsonObject().getString("id"))
                .isEqualTo(first.bodyAsJsonObject().getString("id"));
    }

    @Test
    void whatCannotBeIsRefusedInWordsAndLeavesNothing() throws Exception {
        assertThat(code(proposal(rule(), all()))).isEqualTo("empty_target");
        sell(1);
        assertThat(code(proposal(rule(), new JsonObject().put("all", true).put("country", "FR"))))
                .isEqualTo("invalid_target");
        assertThat(code(proposal(
                        rule(), new JsonObject().put("subscriptions", new JsonArray().add("sub_0HZ4K2M7Q9R3T")))))
                .isEqualTo("unknown_subscription");
        assertThat(code(proposal(new JsonObject().put("do", "put_rule"), all())))
                .isEqualTo("invalid_change");
        JsonObject noLimit = new JsonObject("""
                {"do": "put_rule", "rule": {"id": "a", "when": {"window": "day"}, "then": [{"do": "pause"}]}}
                """);
        HttpResponse<Buffer> refused = server.call(ada, HttpMethod.POST, path(), proposal(noLimit, all()));
        assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("invalid_rules");
        assertThat(refused.bodyAsJsonObject()
                        .getJsonArray("errors")
                        .getJsonObject(0)
                        .getString("pointer"))
                .isEqualTo("#/act/rule/when");
        JsonArray falling = new JsonArray()
                .add(new JsonObject().put("percent", 50).put("soakSeconds", 0))
                .add(new JsonObject().put("percent", 20).put("soakSeconds", 0));
        assertThat(code(proposal(rule(), all()).put("steps", falling))).isEqualTo("invalid_change");
        JsonObject page = server.call(ada, HttpMethod.GET, path(), null).bodyAsJsonObject();
        assertThat(page.getJsonArray("items")).isEmpty();
    }

    @Test
    void operatorsRulesAndOtherTenantsChangesAreOutOfReach() throws Exception {
        sell(1);
        JsonObject operators = rule().put("owner", "operator");
        assertThat(server.call(ada, HttpMethod.POST, path(), proposal(operators, all()))
                        .statusCode())
                .isEqualTo(403);
        JsonObject change = proposed(rule(), all());
        String other = (number + 1) + "/eve/policies:read policies:write policies:approve";
        assertThat(server.call(other, HttpMethod.GET, path(change), null).statusCode())
                .isEqualTo(404);
        assertThat(wish(other, path(change) + "/undo", null).statusCode()).isEqualTo(404);
        assertThat(server.call(APPROVER, HttpMethod.GET, path(change), null).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aTenantReadsWhatTheOperatorProposedAndDoesNotHoldOrUndoIt() throws Exception {
        sell(1);
        String operator = "0/boss/policies:read policies:write";
        JsonObject change = server.call(operator, HttpMethod.POST, path(), proposal(suspend(), all()))
                .bodyAsJsonObject();
        assertThat(server.call(ada, HttpMethod.GET, path(change), null).statusCode())
                .isEqualTo(200);
        for (String wish : List.of("pause", "undo")) {
            HttpResponse<Buffer> refused = wish(ada, path(change) + "/" + wish, null);
            assertThat(refused.statusCode()).as(wish).isEqualTo(403);
            assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("operator_only");
        }
        assertThat(wish(operator, path(change) + "/undo", null).statusCode()).isEqualTo(200);
    }

    @Test
    void aTenantSuspendsManyAsTheResellerAndNeitherByLawNorForTheOperator() throws Exception {
        long sold = sell(1).getFirst();
        HttpResponse<Buffer> byLaw =
                server.call(ada, HttpMethod.POST, path(), proposal(suspend().put("class", "legal"), all()));
        assertThat(byLaw.statusCode()).isEqualTo(403);
        assertThat(byLaw.bodyAsJsonObject().getString("code")).isEqualTo("operator_only");
        JsonObject own = proposed(suspend(), all());
        turnTheHandle();
        String operator = "0/boss/policies:read policies:write";
        HttpResponse<Buffer> fraud = server.call(operator, HttpMethod.POST, path(), proposal(suspend(), all()));
        assertThat(fraud.statusCode()).isEqualTo(201);
        turnTheHandle();
        assertThat(items(fraud.bodyAsJsonObject()).getInteger("applied")).isEqualTo(1);
        assertThat(holds(sold)).containsExactlyInAnyOrder("held:administrative", "held:administrative:reseller");
        assertThat(wish(ada, path(own) + "/undo", null).statusCode()).isEqualTo(200);
        turnTheHandle();
        assertThat(holds(sold)).as("the operator's").containsExactly("held:administrative");
    }

    @Test
    void aTenantEndsForOneCustomerWhatItSuspendedForMany() throws Exception {
        long sold = sell(1).getFirst();
        proposed(suspend(), all());
        turnTheHandle();
        JsonObject paid = new JsonObject().put("reason", "Paid");
        assertThat(server.call(ada, HttpMethod.POST, path(sold) + "/resume", paid)
                        .statusCode())
                .isEqualTo(200);
        assertThat(holds(sold)).isEmpty();
    }

    @Test
    void aCredentialActsWithinItsTargetsOnly() throws Exception {
        long sold = sell(1).getFirst();
        String slow = ada + "/action:throttle";
        assertThat(server.call(slow, HttpMethod.POST, path(), proposal(suspend(), all()))
                        .statusCode())
                .isEqualTo(403);
        JsonObject change = server.call(slow, HttpMethod.POST, path(), proposal(rule(), all()))
                .bodyAsJsonObject();
        assertThat(change.getString("state")).isEqualTo("running");
        String france = ada + "/zone:FR";
        assertThat(wish(france, path(change) + "/pause", null).statusCode())
                .as("the rule acts everywhere")
                .isEqualTo(403);
        String one = "/tenants/" + tenant + "/subscriptions/" + PublicId.SUBSCRIPTION.format(sold);
        JsonObject reason = new JsonObject().put("reason", "Unpaid");
        HttpResponse<Buffer> refused = server.call(slow, HttpMethod.POST, one + "/suspend", reason);
        assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("outside_targets");
        JsonObject pause = new JsonObject()
                .put("reason", "Unpaid")
                .put(
                        "rules",
                        new JsonArray()
                                .add(rule().getJsonObject("rule")
                                        .put("then", new JsonArray().add(new JsonObject().put("do", "pause")))));
        assertThat(server.call(slow, HttpMethod.PUT, one + "/rules/reseller", pause, "-", "\"0\"")
                        .statusCode())
                .isEqualTo(403);
        assertThat(server.call(ada, HttpMethod.PUT, one + "/rules/reseller", pause, "-", "\"0\"")
                        .statusCode())
                .isEqualTo(200);
        JsonObject none = new JsonObject().put("rules", new JsonArray()).put("reason", "Paid");
        assertThat(server.call(slow, HttpMethod.PUT, one + "/rules/reseller", none, "-", "\"1\"")
                        .statusCode())
                .as("a rule that pauses is not this credential's to take away")
                .isEqualTo(403);
    }

    @Test
    void aClientGetsTheTargetsThatItsMakerMayGive() throws Exception {
        String clients = "/tenants/" + tenant + "/clients";
        JsonObject body = new JsonObject()
                .put("name", "night shift")
                .put("scopes", new JsonArray().add("policies:write"))
                .put("targets", new JsonArray().add("action:throttle").add("zone:FR"));
        HttpResponse<Buffer> created = server.call(ROOT, HttpMethod.POST, clients, body);
        assertThat(created.statusCode()).as(created.bodyAsString()).isEqualTo(201);
        JsonObject listed = server.call(ROOT, HttpMethod.GET, clients, null)
                .bodyAsJsonObject()
                .getJsonArray("items")
                .getJsonObject(0);
        assertThat(listed.getJsonArray("targets")).containsExactly("action:throttle", "zone:FR");
        String limited = number + "/lead/clients:write policies:write/action:notify";
        HttpResponse<Buffer> wider = server.call(limited, HttpMethod.POST, clients, body);
        assertThat(wider.bodyAsJsonObject().getString("code")).isEqualTo("outside_targets");
        HttpResponse<Buffer> unknown = server.call(
                ROOT, HttpMethod.POST, clients, body.copy().put("targets", new JsonArray().add("action:fly")));
        assertThat(unknown.bodyAsJsonObject().getString("code")).isEqualTo("unknown_target");
    }

    private List<Long> sell(int count) throws Exception {
        List<Long> sold = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sold.add(server.subscription(number));
        }
        return sold;
    }

    private static JsonObject rule() {
        return new JsonObject()
                .put("do", "put_rule")
                .put(
                        "rule",
                        new JsonObject()
                                .put("id", "fair-use")
                                .put(
                                        "when",
                                        new JsonObject().put("window", "day").put("overBytes", 2_000_000_000L))
                                .put(
                                        "then",
                                        new JsonArray()
                                                .add(new JsonObject()
                                                        .put("do", "throttle")
                                                        .put(
                                                                "rate",
                                                                new JsonObject()
                                                                        .put("up", 512)
                                                                        .put("down", 512)))));
    }

    private static JsonObject suspend() {
        return new JsonObject().put("do", "suspend").put("everything", true);
    }

    private static JsonObject all() {
        return new JsonObject().put("all", true);
    }

    private static JsonObject proposal(JsonObject act, JsonObject target) {
        JsonArray steps = new JsonArray()
                .add(new JsonObject().put("percent", 20).put("soakSeconds", 0))
                .add(new JsonObject().put("percent", 100).put("soakSeconds", 0));
        return new JsonObject()
                .put("act", act)
                .put("target", target)
                .put("steps", steps)
                .put("reason", "Fair use");
    }

    private JsonObject proposed(JsonObject act, JsonObject target) throws Exception {
        HttpResponse<Buffer> response = server.call(ada, HttpMethod.POST, path(), proposal(act, target));
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(201);
        return response.bodyAsJsonObject();
    }

    private String code(JsonObject body) throws Exception {
        HttpResponse<Buffer> response = server.call(ada, HttpMethod.POST, path(), body);
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(422);
        return response.bodyAsJsonObject().getString("code");
    }

    private static HttpResponse<Buffer> wish(String credential, String path, @Nullable String ifMatch)
            throws Exception {
        JsonObject reason = new JsonObject().put("reason", "Checked");
        return server.call(credential, HttpMethod.POST, path, reason, "wish-" + people++, ifMatch);
    }

    private JsonObject read(JsonObject change) throws Exception {
        return server.call(ada, HttpMethod.GET, path(change), null).bodyAsJsonObject();
    }

    private JsonObject items(JsonObject change) throws Exception {
        return read(change).getJsonObject("items");
    }

    private List<String> holds(long subscription) throws Exception {
        JsonArray restrictions = server.call(ada, HttpMethod.GET, path(subscription) + "/state", null)
                .bodyAsJsonObject()
                .getJsonArray("restrictions");
        return restrictions.stream()
                .map(each -> ((JsonObject) each).getString("id"))
                .toList();
    }

    private String path(long subscription) {
        return "/tenants/" + tenant + "/subscriptions/" + PublicId.SUBSCRIPTION.format(subscription);
    }

    private JsonArray rules(long subscription) throws Exception {
        return server.call(
                        ada,
                        HttpMethod.GET,
                        "/tenants/" + tenant + "/subscriptions/" + PublicId.SUBSCRIPTION.format(subscription)
                                + "/rules/reseller",
                        null)
                .bodyAsJsonObject()
                .getJsonArray("rules");
    }

    private List<String> actions(JsonObject change) throws Exception {
        List<String> actions = new ArrayList<>();
        try (var connection = TestDatabase.connect(server.config);
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT action FROM audit WHERE object_id = '" + change.getString("id") + "'")) {
            while (rows.next()) {
                actions.add(rows.getString(1));
            }
        }
        return actions;
    }

    private String path() {
        return "/tenants/" + tenant + "/policy-changes";
    }

    private String path(JsonObject change) {
        return path() + "/" + change.getString("id");
    }

    private static void turnTheHandle() throws Exception {
        int done;
        do {
            done = AdminServer.await(server.rollouts.round());
        } while (done > 0);
    }
}
