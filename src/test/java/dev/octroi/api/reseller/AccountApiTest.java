package dev.octroi.api.reseller;

import static dev.octroi.api.reseller.ResellerServer.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.octroi.db.PublicId;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.Midnight;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountApiTest {
    private static final JsonObject GO_ON = new JsonObject().put("goOn", true);
    private static final Actor SUPPORT = new Actor(Actor.Kind.SUPPORT, "desk", null);

    private static ResellerServer server;

    private String path;

    @BeforeAll
    static void start() throws Exception {
        server = new ResellerServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void order() throws Exception {
        path = "/v1/subscriptions/" + server.subscription(TENANT);
    }

    @Test
    void notesOfPauseAndResumeAndOrdersAreInTheAuditLog() throws Exception {
        server.post(TENANT, path + "/pause", new JsonObject().put("note", "The traveller asked by phone"));
        server.post(TENANT, path + "/resume", new JsonObject().put("note", "And called again"));
        JsonObject order = server.created(TENANT, "/v1/orders", Bodies.order(server.francePlan(TENANT)));

        List<JsonObject> audit =
                TestDatabase.rows(
                                server.config, "SELECT entry FROM audit WHERE tenant_id = 1 ORDER BY seq DESC LIMIT 9")
                        .stream()
                        .map(JsonObject::new)
                        .toList();

        assertThat(audit)
                .extracting(each -> each.getString("action"), each -> each.getString("reason"))
                .contains(
                        tuple("account.pause", "The traveller asked by phone"),
                        tuple("account.resume", "And called again"));
        JsonObject placed = audit.stream()
                .filter(each -> each.getString("objectId").equals(order.getString("id")))
                .findFirst()
                .orElseThrow();
        assertThat(placed.getString("action")).isEqualTo("order.placed");
        assertThat(placed.getString("actor")).as("which client").isEqualTo("shop");
        assertThat(placed.getString("tokenId")).isEqualTo("jti-1");
        assertThat(placed.getJsonObject("after").getString("plan")).isEqualTo(order.getString("planId"));
    }

    @Test
    void newSubscriptionHasItsWholeVolume() throws Exception {
        JsonObject balance = server.get(TENANT, path + "/balance").bodyAsJsonObject();
        assertThat(balance.getLong("quotaBytes")).isEqualTo(3_000_000_000L);
        assertThat(balance.getLong("usedBytes")).isZero();
        assertThat(balance.getJsonArray("buckets")).hasSize(1);
        JsonObject period = balance.getJsonObject("period");
        assertThat(period.getString("state")).isEqualTo("not_started");
        assertThat(period.getString("start")).isEqualTo("on_install");
        assertThat(period.containsKey("endsAt")).isFalse();
        assertThat(period.getInstant("predictedEndsAt"))
                .as("seven days from now")
                .isAfter(Instant.EPOCH);
        JsonObject usage =
                server.get(TENANT, path + "/usage?granularity=day&groupBy=zone").bodyAsJsonObject();
        assertThat(usage.getJsonObject("total").getLong("bytes")).isZero();
        assertThat(usage.getString("timeZone")).isEqualTo("Europe/Paris");
        assertThat(server.get(TENANT, path + "/usage?groupBy=country,network,category")
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.get(TENANT, path + "/usage?groupBy=country,cell").statusCode())
                .isEqualTo(400);
    }

    @Test
    void chargesAreAgreedToAndTracedToLedgerRows() throws Exception {
        JsonObject overage =
                new JsonObject().put("pricePerMegabyte", Bodies.money("0.10")).put("ceiling", Bodies.money("80.00"));
        JsonObject plan = server.created(TENANT, "/v1/plans", Bodies.plan().put("overage", overage));
        assertThat(plan.getJsonObject("overage").getJsonObject("monthlyLimit")).isEqualTo(Bodies.money("50.00"));
        JsonObject order = server.created(TENANT, "/v1/orders", Bodies.order(plan.getString("id")));
        String subscription = "/v1/subscriptions/"
                + order.getJsonArray("subscriptions").getJsonObject(0).getString("id");
        JsonObject tooMuch = new JsonObject().put("agreed", true).put("monthlyLimit", Bodies.money("80.01"));
        assertThat(server.post(TENANT, subscription + "/overage", tooMuch).statusCode())
                .isEqualTo(422);
        JsonObject agreed = new JsonObject().put("agreed", true).put("textVersion", "shop-7");
        JsonObject balance =
                server.post(TENANT, subscription + "/overage", agreed).bodyAsJsonObject();
        assertThat(balance.getJsonObject("overage").getBoolean("agreed")).isTrue();
        assertThat(balance.getJsonObject("overage").getJsonObject("charged")).isEqualTo(Bodies.money("0.00"));
        JsonObject ledger =
                server.get(TENANT, subscription + "/ledger?charged=true").bodyAsJsonObject();
        assertThat(ledger.getJsonArray("items")).isEmpty();
        assertThat(server.get(TENANT, subscription + "/ledger?from=2026-01-01&to=2026-12-31")
                        .statusCode())
                .isEqualTo(422);
    }

    /** Whoever lost the answer and the key would have to sell again; whoever bills at the month's end has no answer any more. */
    @Test
    void topUpsAreFoundByTheShopsNumberAndBySubscriptionAndToldWithBoth() throws Exception {
        JsonObject body = new JsonObject().put("bytes", 1_000_000_000L).put("externalReference", "web-77");
        JsonObject first = server.created(TENANT, path + "/top-ups", body);
        JsonObject second = server.created(
                TENANT,
                path + "/top-ups",
                new JsonObject().put("bytes", 2_000_000_000L).put("externalReference", "web-78"));
        String subscription = first.getString("subscriptionId");
        assertThat(topUps("externalReference=web-77")).containsExactly(first.getString("id"));
        assertThat(topUps("subscriptionId=" + subscription))
                .containsSubsequence(second.getString("id"), first.getString("id"));
        assertThat(topUps("subscriptionId=sub_0000000000000")).isEmpty();
        assertThat(server.get(ResellerServer.OTHER_TENANT, "/v1/top-ups?externalReference=web-77")
                        .bodyAsJsonObject()
                        .getJsonArray("items"))
                .isEmpty();
        JsonObject told = server.get(TENANT, "/v1/events?limit=200").bodyAsJsonObject().getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(event -> event.getString("type").equals("top_up.applied"))
                .map(event -> event.getJsonObject("data"))
                .filter(data -> "web-77".equals(data.getString("externalReference")))
                .findFirst()
                .orElseThrow();
        assertThat(told.getString("reference")).isEqualTo(first.getString("reference"));
        assertThat(told.getJsonObject("price")).isEqualTo(first.getJsonObject("price"));
    }

    private static List<String> topUps(String filter) throws Exception {
        return server.get(TENANT, "/v1/top-ups?" + filter).bodyAsJsonObject().getJsonArray("items").stream()
                .map(each -> ((JsonObject) each).getString("id"))
                .toList();
    }

    @Test
    void topUpSentTwiceCountsOnce() throws Exception {
        JsonObject body = new JsonObject().put("bytes", 1_000_000_000L).put("externalReference", "web-2");
        String key = UUID.randomUUID().toString();
        HttpResponse<Buffer> first = server.post(TENANT, path + "/top-ups", body, key);
        assertThat(first.statusCode()).as(first.bodyAsString()).isEqualTo(201);
        assertThat(first.bodyAsJsonObject().getJsonObject("price").getString("amount"))
                .isEqualTo("3.50");
        HttpResponse<Buffer> second = server.post(TENANT, path + "/top-ups", body, key);
        assertThat(second.bodyAsJsonObject()).isEqualTo(first.bodyAsJsonObject());
        JsonObject balance = server.get(TENANT, path + "/balance").bodyAsJsonObject();
        assertThat(balance.getLong("quotaBytes")).isEqualTo(4_000_000_000L);
        assertThat(balance.getJsonArray("buckets")).hasSize(2);
    }

    @Test
    void pauseHoldsAndResumeReleases() throws Exception {
        JsonObject paused = server.post(TENANT, path + "/pause", null).bodyAsJsonObject();
        assertThat(paused.getJsonObject("policy").getString("level")).isEqualTo("suspended_data");
        JsonObject resumed = server.post(TENANT, path + "/resume", null).bodyAsJsonObject();
        assertThat(resumed.getJsonObject("policy").getString("reason"))
                .isNotEqualTo(paused.getJsonObject("policy").getString("reason"));
    }

    @Test
    void onlyTheTravellersWordAnswersAQuestion() throws Exception {
        ask();
        assertThat(server.post(TENANT, path + "/pause", null).statusCode()).isEqualTo(200);
        assertThat(resume(GO_ON)).as("the pause").isEqualTo(200);
        assertThat(resume(null)).as("a question is no pause").isEqualTo(409);
        assertThat(resume(GO_ON)).as("the question").isEqualTo(200);
        assertThat(resume(GO_ON)).as("nothing is left").isEqualTo(409);
    }

    @Test
    void endOfTheOfficesSuspensionLeavesTheQuestionOpen() throws Exception {
        ask();
        assertThat(server.post(TENANT, path + "/suspend", null).statusCode()).isEqualTo(200);
        assertThat(resume(null)).as("the suspension").isEqualTo(200);
        assertThat(causes()).as("the question is open").anyMatch(cause -> cause.endsWith(".ask_first"));
        assertThat(resume(null)).isEqualTo(409);
        assertThat(causes()).as("and stays open").anyMatch(cause -> cause.endsWith(".ask_first"));
    }

    @Test
    void suspensionOfTheOfficeEndsWithResume() throws Exception {
        JsonObject note = new JsonObject().put("note", "Unpaid invoice");
        JsonObject suspended = server.post(TENANT, path + "/suspend", note).bodyAsJsonObject();
        assertThat(suspended.getJsonObject("policy").getString("level")).isEqualTo("suspended_data");
        HttpResponse<Buffer> resumed = server.post(TENANT, path + "/resume", null);
        assertThat(resumed.statusCode()).as(resumed.bodyAsString()).isEqualTo(200);
        assertThat(resumed.bodyAsJsonObject().getJsonObject("policy").getString("reason"))
                .isNotEqualTo(suspended.getJsonObject("policy").getString("reason"));
        assertThat(server.post(TENANT, path + "/resume", null).statusCode()).isEqualTo(409);
    }

    @Test
    void operatorsSuspensionStaysWhenTheResellerResumes() throws Exception {
        server.submit(path, new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, true, "Closed", SUPPORT));
        HttpResponse<Buffer> refused = server.post(TENANT, path + "/resume", null);
        assertThat(refused.statusCode()).as(refused.bodyAsString()).isEqualTo(409);
        assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("not_allowed");
        assertThat(level()).isEqualTo("suspended_all");
        assertThat(server.post(TENANT, path + "/suspend", null).statusCode()).isEqualTo(200);
        assertThat(level()).as("the reseller loosens nothing").isEqualTo("suspended_all");
        assertThat(resume(null)).as("the reseller's own").isEqualTo(200);
        assertThat(level()).isEqualTo("suspended_all");
        assertThat(server.post(TENANT, path + "/pause", null).statusCode()).isEqualTo(200);
        assertThat(resume(null)).as("a pause ends under the suspension").isEqualTo(200);
        assertThat(level()).isEqualTo("suspended_all");
    }

    @Test
    void resumeSentAgainAfterItsAnswerWasLostEndsNoPauseThatTheSuspensionHid() throws Exception {
        assertThat(server.post(TENANT, path + "/pause", null).statusCode()).isEqualTo(200);
        assertThat(server.post(TENANT, path + "/suspend", null).statusCode()).isEqualTo(200);
        String key = UUID.randomUUID().toString();
        assertThat(server.post(TENANT, path + "/resume", null, key).statusCode())
                .isEqualTo(200);
        answersAreLost();
        HttpResponse<Buffer> again = server.post(TENANT, path + "/resume", null, key);
        assertThat(again.statusCode()).as(again.bodyAsString()).isEqualTo(200);
        assertThat(again.bodyAsJsonObject().getJsonObject("policy").getString("reason"))
                .isEqualTo("user.paused");
        assertThat(causes()).contains("user.paused");
        assertThat(resume(null)).as("a call of its own").isEqualTo(200);
        assertThat(causes()).doesNotContain("user.paused");
    }

    @Test
    void topUpSentAgainAfterItsAnswerWasLostIsTheSameOrRefused() throws Exception {
        JsonObject body = new JsonObject().put("bytes", 1_000_000_000L);
        String key = UUID.randomUUID().toString();
        assertThat(server.post(TENANT, path + "/top-ups", body, key).statusCode())
                .isEqualTo(201);
        answersAreLost();
        TestDatabase.execute(server.config, "DELETE FROM top_up");
        HttpResponse<Buffer> other =
                server.post(TENANT, path + "/top-ups", body.copy().put("bytes", 2_000_000_000L), key);
        assertThat(other.statusCode()).as(other.bodyAsString()).isEqualTo(422);
        assertThat(other.bodyAsJsonObject().getString("code")).isEqualTo("idempotency_key_reused");
        answersAreLost();
        HttpResponse<Buffer> same = server.post(TENANT, path + "/top-ups", body, key);
        assertThat(same.statusCode()).as(same.bodyAsString()).isEqualTo(201);
        assertThat(server.get(TENANT, path + "/balance").bodyAsJsonObject().getLong("quotaBytes"))
                .isEqualTo(4_000_000_000L);
    }

    @Test
    void topUpThatAGatewayOfBeforeHadGivenWhenItBrokeOffIsNotGivenAgain() throws Exception {
        JsonObject body = new JsonObject().put("bytes", 1_000_000_000L);
        String key = UUID.randomUUID().toString();
        assertThat(server.post(TENANT, path + "/top-ups", body, key).statusCode())
                .isEqualTo(201);
        answersAreLost();
        TestDatabase.execute(server.config, "DELETE FROM top_up");
        namedAsBefore();
        HttpResponse<Buffer> again = server.post(TENANT, path + "/top-ups", body, key);
        assertThat(again.statusCode()).as(again.bodyAsString()).isEqualTo(201);
        assertThat(server.get(TENANT, path + "/balance").bodyAsJsonObject().getLong("quotaBytes"))
                .isEqualTo(4_000_000_000L);
        answersAreLost();
        assertThat(server.post(TENANT, path + "/top-ups", body, key).statusCode())
                .as("a new wish, now that the first one has its price")
                .isEqualTo(201);
        assertThat(server.get(TENANT, path + "/balance").bodyAsJsonObject().getLong("quotaBytes"))
                .isEqualTo(5_000_000_000L);
    }

    /** What a gateway of before left: references without the subscription. */
    private static void namedAsBefore() {
        TestDatabase.execute(
                server.config,
                "UPDATE bucket SET reference = regexp_replace(reference, '^sub_.*-', '') WHERE kind = 'TOP_UP'");
        TestDatabase.execute(server.config, "UPDATE account_hot SET version = version + 1");
    }

    @Test
    void resumeThatWasTooEarlyEndsThePauseWhenItIsSentAgain() throws Exception {
        assertThat(server.post(TENANT, path + "/pause", null).statusCode()).isEqualTo(200);
        String key = UUID.randomUUID().toString();
        server.busy.set(true);
        try {
            HttpResponse<Buffer> refused = server.post(TENANT, path + "/resume", null, key);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.getHeader("Retry-After")).isNotNull();
        } finally {
            server.busy.set(false);
        }
        HttpResponse<Buffer> again = server.post(TENANT, path + "/resume", null, key);
        assertThat(again.statusCode()).as(again.bodyAsString()).isEqualTo(200);
        assertThat(causes()).doesNotContain("user.paused");
    }

    /** As a break between the commit of the account and that of the answer leaves it. */
    private static void answersAreLost() {
        TestDatabase.execute(server.config, "DELETE FROM idempotency_key");
    }

    @Test
    void aCredentialWithTargetsActsWithinThemOnly() throws Exception {
        assertThat(actWith("action:suspend", "/pause", null)).isEqualTo(403);
        assertThat(actWith("action:pause", "/suspend", null)).isEqualTo(403);
        assertThat(actWith("action:pause", "/resume", null)).isEqualTo(403);
        assertThat(actWith("action:pause", "/member-cap", new JsonObject())).isEqualTo(403);
        assertThat(actWith("action:pause", "/leave", new JsonObject().put("reason", "Gone")))
                .isEqualTo(403);
        assertThat(actWith("action:pause", "/pause", null)).isEqualTo(200);
        assertThat(actWith("action:lift", "/resume", null)).isEqualTo(200);
    }

    private int actWith(String target, String act, @Nullable JsonObject body) throws Exception {
        Map<String, String> headers =
                Map.of("Idempotency-Key", UUID.randomUUID().toString());
        String scopes = ResellerServer.ALL_SCOPES + "/" + target;
        return ResellerServer.await(server.begin(TENANT, scopes, HttpMethod.POST, path + act, headers, body))
                .statusCode();
    }

    @Test
    void rulesNeedTheCurrentTag() throws Exception {
        HttpResponse<Buffer> read = server.get(TENANT, path + "/rules");
        String tag = read.getHeader("ETag");
        HttpResponse<Buffer> written = server.put(TENANT, path + "/rules", Bodies.rules(), tag);
        assertThat(written.statusCode()).as(written.bodyAsString()).isEqualTo(200);
        assertThat(written.bodyAsJsonObject().getJsonArray("rules")).hasSize(1);
        HttpResponse<Buffer> stale = server.put(TENANT, path + "/rules", Bodies.rules(), tag);
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(stale.getHeader("ETag")).isEqualTo(written.getHeader("ETag"));
        HttpResponse<Buffer> without = server.send(TENANT, HttpMethod.PUT, path + "/rules", Map.of(), Bodies.rules());
        assertThat(without.statusCode()).isEqualTo(428);
        assertThat(server.get(TENANT, path + "/rules").bodyAsJsonObject()).isEqualTo(written.bodyAsJsonObject());
    }

    @Test
    void contradictoryRulesAreRefused() throws Exception {
        JsonObject twice = Bodies.rules();
        twice.getJsonArray("rules")
                .add(twice.getJsonArray("rules").getJsonObject(0).copy());
        assertThat(server.put(TENANT, path + "/rules", twice, "\"0\"").statusCode())
                .isEqualTo(422);
        JsonObject withoutRate = Bodies.rules();
        withoutRate
                .getJsonArray("rules")
                .getJsonObject(0)
                .put("then", new JsonArray().add(new JsonObject().put("do", "throttle")));
        assertThat(server.put(TENANT, path + "/rules", withoutRate, "\"0\"").statusCode())
                .isEqualTo(422);
    }

    @Test
    void explainsWhatHoldsInTheLanguageAskedFor() throws Exception {
        HttpResponse<Buffer> now = server.get(TENANT, path + "/explain?lang=fr");
        assertThat(now.statusCode()).as(now.bodyAsString()).isEqualTo(200);
        assertThat(now.getHeader("Content-Language")).isEqualTo("fr");
        assertThat(now.bodyAsJsonObject().getString("sentence")).isNotBlank();
        assertThat(server.get(TENANT, path + "/explain?at=2999-01-01T00:00:00Z").statusCode())
                .isEqualTo(422);
        assertThat(server.get(TENANT, path + "/explain?at=noon").statusCode()).isEqualTo(422);
    }

    @Test
    void theLinkToTheNextPageCanBeFollowedAndKeepsTheFilters() throws Exception {
        for (String act : List.of("/suspend", "/resume")) {
            server.post(TENANT, path + act, new JsonObject());
        }
        HttpResponse<Buffer> first = server.get(TENANT, path + "/timeline?limit=1&lang=fr");
        Matcher link = Pattern.compile("<(/v1/[^>]+)>; rel=\"next\"").matcher(first.getHeader("Link"));
        assertThat(link.matches()).as(first.getHeader("Link")).isTrue();
        assertThat(link.group(1)).contains("limit=1&", "lang=fr", path);
        HttpResponse<Buffer> second = server.get(TENANT, link.group(1));
        assertThat(second.statusCode()).as(second.bodyAsString()).isEqualTo(200);
        assertThat(second.bodyAsJsonObject().getJsonArray("items").size()).isEqualTo(1);
        assertThat(second.bodyAsJsonObject().getJsonArray("items"))
                .isNotEqualTo(first.bodyAsJsonObject().getJsonArray("items"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/explain?at=-9999-01-01T00:00:00Z",
                "/explain?at=-999999999-01-01T00:00:00Z",
                "/ledger?from=%2B999999999-01-01",
                "/ledger?from=-999999999-01-01",
                "/ledger?to=-999999999-01-01",
                "/usage?from=-9999-01-01T00:00:00Z&to=-9998-01-01T00:00:00Z",
                "/usage?from=%2B99999-01-01T00:00:00Z&to=%2B999999999-01-01T00:00:00Z"
            })
    void momentsThatNoCalendarOfOursReachesAreRefused(String query) throws Exception {
        HttpResponse<Buffer> refused = server.get(TENANT, path + query);
        assertThat(refused.statusCode()).as(refused.bodyAsString()).isBetween(400, 499);
    }

    @Test
    void simulationPlaysAllSubscriptionsPageByPageAndChangesNothing() throws Exception {
        server.created(TENANT, "/v1/orders", Bodies.order(server.francePlan(TENANT)));
        server.created(TENANT, "/v1/orders", Bodies.order(server.francePlan(TENANT)));
        JsonObject before = server.get(TENANT, path + "/rules").bodyAsJsonObject();
        JsonObject body = Bodies.rules();
        body.getJsonArray("rules").add(new JsonObject("""
                {"id": "lock", "when": {"event": "device_changed"}, "then": [{"do": "pause"}]}
                """));
        HttpResponse<Buffer> answer = server.post(TENANT, "/v1/rules/simulate?limit=1", body);
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        assertThat(answer.bodyAsJsonObject().getJsonArray("items")).hasSize(1);
        assertThat(answer.bodyAsJsonObject().getJsonArray("notSimulated")).isEmpty();
        JsonObject fleet = answer.bodyAsJsonObject().getJsonObject("fleet");
        JsonObject page = answer.bodyAsJsonObject();
        int pages = 1;
        while (page.getString("next") != null && pages < 1_000) {
            assertThat(fleet.getBoolean("complete")).isFalse();
            page = server.post(TENANT, "/v1/rules/simulate?limit=1&after=" + page.getString("next"), body)
                    .bodyAsJsonObject();
            fleet = page.getJsonObject("fleet");
            assertThat(fleet.getInteger("subscriptions")).isEqualTo(++pages);
        }
        assertThat(fleet.getBoolean("complete")).isTrue();
        assertThat(pages).isGreaterThanOrEqualTo(3);
        String next = answer.bodyAsJsonObject().getString("next");
        assertThat(server.post(
                                TENANT,
                                "/v1/rules/simulate?limit=1&after=" + next,
                                body.copy().put("days", 3))
                        .statusCode())
                .as("sums of other rules are not mixed")
                .isEqualTo(400);
        body.put("subscriptionId", path.substring(path.lastIndexOf('/') + 1));
        assertThat(server.post(TENANT, "/v1/rules/simulate", body)
                        .bodyAsJsonObject()
                        .getJsonObject("summary")
                        .getInteger("subscriptions"))
                .isEqualTo(1);
        body.put("subscriptionId", "sub_0000000000000");
        assertThat(server.post(TENANT, "/v1/rules/simulate", body).statusCode()).isEqualTo(404);
        assertThat(server.get(TENANT, path + "/rules").bodyAsJsonObject()).isEqualTo(before);
    }

    @Test
    void everyFaultOfRulesIsToldWithItsPlace() throws Exception {
        JsonObject rules = new JsonObject("""
                {"rules": [
                  {"id": "a", "when": {"window": "day"}, "then": [{"do": "pause"}]},
                  {"id": "b", "when": {"hours": {"from": "01:00", "to": "02:00"}}, "then": [{"do": "block_zone"}]},
                  {"id": "c", "when": {"zones": ["CH"]}, "then": [{"do": "ask"}], "until": "moment"}]}
                """);
        HttpResponse<Buffer> refused = server.put(TENANT, path + "/rules", rules, "\"0\"");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("invalid_rules");
        assertThat(refused.bodyAsJsonObject().getJsonArray("errors").stream()
                        .map(each -> ((JsonObject) each).getString("pointer")))
                .containsExactly("#/rules/0/when", "#/rules/1", "#/rules/2/untilAt");
    }

    @Test
    void rulesOfEveryKindAreReadAsTheyWereWritten() throws Exception {
        JsonObject rules = new JsonObject("""
                {"rules": [
                  {"id": "rolling", "owner": "reseller", "until": "top_up",
                   "when": {"window": "rolling", "rollingHours": 24, "overMinor": 500}, "then": [{"do": "ask"}]},
                  {"id": "evening", "owner": "reseller", "until": "window_end",
                   "when": {"networks": ["208-01"], "hours": {"from": "18:00", "to": "23:00"}},
                   "then": [{"do": "block_categories", "categories": ["social", "video"]}]},
                  {"id": "lock", "owner": "reseller", "until": "moment", "untilAt": "2027-01-01T00:00:00Z",
                   "when": {"event": "device_changed"}, "then": [{"do": "notify"}, {"do": "suspend"}]},
                  {"id": "swiss", "owner": "reseller", "until": "window_end",
                   "when": {"window": "day", "overSeconds": 3600, "zones": ["CH"]}, "then": [{"do": "block_zone"}]}]}
                """);
        JsonObject write = rules.copy();
        write.getJsonArray("rules").forEach(rule -> ((JsonObject) rule).remove("owner"));
        String tag = server.get(TENANT, path + "/rules").getHeader("ETag");
        HttpResponse<Buffer> written = server.put(TENANT, path + "/rules", write, tag);
        assertThat(written.statusCode()).as(written.bodyAsString()).isEqualTo(200);
        assertThat(written.bodyAsJsonObject().getJsonArray("rules")).isEqualTo(rules.getJsonArray("rules"));
    }

    @Test
    void totalIsThatOfAllRowsHoweverManyAndTooManyBarsAreRefused() throws Exception {
        String id = path.substring(path.lastIndexOf('/') + 1);
        TestDatabase.execute(
                server.config, """
                INSERT INTO usage_hour (vshard, tenant_id, account_id, hour, zone, category, plmn, up_bytes, down_bytes)
                SELECT a.vshard, a.tenant_id, a.id, h, 'FR', c, '208-' || n, 1, 999
                FROM account a, generate_series(timestamptz '2026-09-01 00:00Z', timestamptz '2026-10-31 23:00Z', '1 hour') AS h,
                     unnest(ARRAY ['web', 'video', 'social', 'other']) AS c, generate_series(10, 13) AS n
                WHERE a.subscription_id = %d
                """.formatted(PublicId.SUBSCRIPTION.parse(id).orElseThrow()));
        String span = path + "/usage?from=2026-09-01T00:00:00Z&to=2026-11-01T00:00:00Z";
        long hours = 61 * 24;
        for (String query : List.of("", "&groupBy=category", "&groupBy=network,zone", "&groupBy=country")) {
            JsonObject usage = server.get(TENANT, span + query).bodyAsJsonObject();
            assertThat(usage.getJsonObject("total").getLong("bytes")).as(query).isEqualTo(hours * 16 * 1_000);
            assertThat(usage.getJsonObject("total").getLong("upBytes")).isEqualTo(hours * 16);
            assertThat(usage.getJsonArray("items"))
                    .hasSize((int) (query.endsWith("category") || query.contains("network") ? 4 * hours : hours));
        }
        HttpResponse<Buffer> tooMany = server.get(TENANT, span + "&groupBy=network,category");
        assertThat(tooMany.statusCode()).isEqualTo(422);
        assertThat(tooMany.bodyAsJsonObject().getString("code")).isEqualTo("too_many_bars");
        JsonObject days = server.get(TENANT, span + "&granularity=day&groupBy=network,category")
                .bodyAsJsonObject();
        assertThat(days.getJsonObject("total").getLong("bytes")).isEqualTo(hours * 16 * 1_000);
        assertThat(days.getJsonArray("items")).as("62 days in Paris").hasSize(62 * 16);
    }

    @Test
    void spanOfUsageIsBounded() throws Exception {
        assertThat(server.get(TENANT, path + "/usage?from=2026-01-01T00:00:00Z&to=2026-06-01T00:00:00Z")
                        .statusCode())
                .isEqualTo(422);
        assertThat(server.get(TENANT, path + "/usage?from=2026-06-01T00:00:00Z&to=2026-01-01T00:00:00Z")
                        .statusCode())
                .isEqualTo(422);
        assertThat(server.get(TENANT, path + "/usage?granularity=minute").statusCode())
                .isEqualTo(400);
    }

    /** From now on a rule of the reseller's asks, whatever the time. */
    private void ask() throws Exception {
        Midnight.notDuringTheTestIn(AccountFixture.PARIS);
        String tag = server.get(TENANT, path + "/rules").getHeader("ETag");
        JsonObject asking = new JsonObject("""
                {"rules": [{"id": "day", "when": {"hours": {"from": "00:00", "to": "23:59"}}, "then": [{"do": "ask"}]},
                           {"id": "end", "when": {"hours": {"from": "23:59", "to": "00:00"}}, "then": [{"do": "ask"}]}]}
                """);
        HttpResponse<Buffer> written = server.put(TENANT, path + "/rules", asking, tag);
        assertThat(written.statusCode()).as(written.bodyAsString()).isEqualTo(200);
    }

    private int resume(JsonObject body) throws Exception {
        return server.post(TENANT, path + "/resume", body).statusCode();
    }

    private String level() throws Exception {
        return server.get(TENANT, path)
                .bodyAsJsonObject()
                .getJsonObject("policy")
                .getString("level");
    }

    private List<String> causes() throws Exception {
        return server.get(TENANT, path + "/explain").bodyAsJsonObject().getJsonArray("restrictions").stream()
                .map(each -> ((JsonObject) each).getString("reason"))
                .toList();
    }
}
