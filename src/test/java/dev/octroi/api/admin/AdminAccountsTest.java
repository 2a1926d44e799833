package dev.octroi.api.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminAccountsTest {
    private static final String OPERATOR =
            "0/root/tenants:write policies:read policies:write subscriptions:write audit:read";
    private static final String READER = "0/reader/policies:read";

    private static AdminServer server;
    private static String tenant;
    private static int tenantNumber;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = new AdminServer(folder);
        JsonObject body = new JsonObject().put("slug", "acme").put("name", "Acme");
        tenant = server.call(OPERATOR, HttpMethod.POST, "/tenants", body)
                .bodyAsJsonObject()
                .getString("id");
        tenantNumber = (int) PublicId.TENANT.parse(tenant).orElseThrow();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void supportFindsASubscriptionByTheIccidThatThePhoneShows() throws Exception {
        long id = server.subscription(tenantNumber);
        long account = Long.parseLong(
                TestDatabase.rows(server.config, "SELECT account_id::text FROM subscription WHERE id = " + id)
                        .getFirst());
        server.link(new AccountKey(tenantNumber, account), "8988247000000004711");
        JsonObject iccid = new JsonObject().put("iccid", "8988247000000004711");
        String find = "/subscriptions/find";
        for (String who : List.of(READER, tenantNumber + "/ada/policies:read")) {
            HttpResponse<Buffer> found = server.call(who, HttpMethod.POST, find, iccid);
            assertThat(found.statusCode()).as(found.bodyAsString()).isEqualTo(200);
            assertThat(found.bodyAsJsonObject().getString("tenantId")).isEqualTo(tenant);
            assertThat(found.bodyAsJsonObject().getString("subscriptionId"))
                    .isEqualTo(PublicId.SUBSCRIPTION.format(id));
        }
        assertThat(server.call(tenantNumber + 1 + "/eve/policies:read", HttpMethod.POST, find, iccid)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void supportIsToldWhatHeldAtAMoment() throws Exception {
        HttpResponse<Buffer> now = server.call(OPERATOR, HttpMethod.GET, account() + "/explain?lang=zh", null);
        assertThat(now.statusCode()).as(now.bodyAsString()).isEqualTo(200);
        assertThat(now.bodyAsJsonObject().getString("sentence")).isNotBlank();
        assertThat(now.bodyAsJsonObject().getJsonArray("restrictions")).isNotNull();
        assertThat(server.call(OPERATOR, HttpMethod.GET, account() + "/explain?at=yesterday", null)
                        .statusCode())
                .isEqualTo(422);
    }

    @Test
    void ruleChangeNeedsScopeAndCurrentTagAndIsAudited() throws Exception {
        String rules = account() + "/rules/operator";
        HttpResponse<Buffer> read = server.call(OPERATOR, HttpMethod.GET, rules, null);
        String tag = read.getHeader("ETag");
        assertThat(tag).isEqualTo("\"0\"");
        assertThat(put(READER, rules, tag).statusCode()).isEqualTo(403);
        assertThat(put(OPERATOR, rules, null).statusCode()).isEqualTo(428);
        HttpResponse<Buffer> changed = put(OPERATOR, rules, tag);
        assertThat(changed.statusCode()).as(changed.bodyAsString()).isEqualTo(200);
        assertThat(changed.getHeader("ETag")).isEqualTo("\"1\"");
        assertThat(changed.bodyAsJsonObject().getJsonArray("rules")).hasSize(1);
        HttpResponse<Buffer> stale = put(OPERATOR, rules, tag);
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(stale.getHeader("ETag")).isEqualTo("\"1\"");
        JsonObject nobodyKnowsWhy = new JsonObject().put("rules", new JsonArray());
        assertThat(server.call(OPERATOR, HttpMethod.PUT, rules, nobodyKnowsWhy, "-", "\"1\"")
                        .statusCode())
                .isEqualTo(400);
        JsonObject entry = server
                .call(OPERATOR, HttpMethod.GET, "/tenants/" + tenant + "/audit", null)
                .bodyAsJsonObject()
                .getJsonArray("items")
                .stream()
                .map(item -> ((JsonObject) item).getJsonObject("entry"))
                .filter(each -> each.getString("action").equals("rules.replaced"))
                .findFirst()
                .orElseThrow();
        assertThat(entry.getString("actor")).as("who").isNotBlank();
        assertThat(entry.getString("objectId")).as("on what").startsWith("acct_");
        assertThat(entry.getString("reason")).as("why").isEqualTo("Fair use in the evening");
        assertThat(entry.getJsonObject("before").getJsonArray("value"))
                .as("before")
                .isEmpty();
        assertThat(entry.getJsonObject("after").getJsonArray("after").getString(0))
                .as("after")
                .contains("fair-use", "1000");
        assertThat(entry.getString("tokenId")).as("by which token").isEqualTo("jti-1");
    }

    @Test
    void supportResetsADownloadOnceForItsReasonAndTheTenantsChainKeepsIt() throws Exception {
        long subscription = server.ids.next();
        long profile = server.ids.next(Ids.shardOf(subscription));
        server.subscription(tenantNumber, subscription, profile);
        String path = path(subscription) + "/reset-download";
        JsonObject body =
                new JsonObject().put("reason", "Card lost the profile").put("code", "new");
        assertThat(server.call(OPERATOR, HttpMethod.POST, path, body).statusCode())
                .as("no profile here")
                .isEqualTo(404);
        server.profileRows.insert(tenantNumber, profile);
        TestDatabase.execute(server.config, "UPDATE profile SET state = 'error', error_cause = 'cancelled'");
        assertThat(server.call(READER, HttpMethod.POST, path, body).statusCode())
                .isEqualTo(403);
        String other = (tenantNumber + 1) + "/manager/subscriptions:write";
        assertThat(server.call(other, HttpMethod.POST, path, body).statusCode()).isEqualTo(404);
        HttpResponse<Buffer> done = server.call(OPERATOR, HttpMethod.POST, path, body, "reset-1", null);
        assertThat(done.statusCode()).as(done.bodyAsString()).isEqualTo(200);
        assertThat(done.bodyAsJsonObject().getString("state")).isEqualTo("released");
        assertThat(server.profileRows.code(tenantNumber, profile)).startsWith("FRESH-");
        HttpResponse<Buffer> again = server.call(OPERATOR, HttpMethod.POST, path, body, "reset-1", null);
        assertThat(again.getHeader("Idempotency-Replayed")).isEqualTo("true");
        assertThat(server.profileRows
                        .find(tenantNumber, profile)
                        .status()
                        .life()
                        .no())
                .isEqualTo(2);
        assertThat(actions()).contains("profile.reset");
        TestDatabase.execute(server.config, "UPDATE profile SET state = 'installed', card_state = 'enabled'");
        HttpResponse<Buffer> refused = server.call(OPERATOR, HttpMethod.POST, path, body);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("on_a_card");
    }

    @Test
    void operatorsRulesBelongToTheOperator() throws Exception {
        String path = account();
        String own = tenantNumber + "/manager/policies:read policies:write";
        assertThat(put(own, path + "/rules/operator", "\"0\"").statusCode()).isEqualTo(403);
        assertThat(put(own, path + "/rules/reseller", "\"0\"").statusCode()).isEqualTo(200);
        String other = (tenantNumber + 1) + "/manager/policies:read policies:write";
        assertThat(put(other, path + "/rules/reseller", "\"0\"").statusCode()).isEqualTo(404);
        assertThat(server.call(OPERATOR, HttpMethod.GET, path + "/rules/user", null)
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void rulesOfOthersAreSeenAlthoughTheTagStaysTheSame() throws Exception {
        String path = account();
        String own = tenantNumber + "/manager/policies:read policies:write";
        assertThat(put(own, path + "/rules/reseller", "\"0\"").statusCode()).isEqualTo(200);
        assertThat(put(OPERATOR, path + "/rules/operator", "\"0\"").statusCode())
                .isEqualTo(200);
        HttpResponse<Buffer> again = server.callUnless("\"1\"", own, path + "/rules/reseller");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.getHeader("ETag")).isEqualTo("\"1\"");
        assertThat(again.bodyAsJsonObject().getJsonArray("others")).isNotEmpty();
    }

    @Test
    void aTokenOfTheTenantEndsItsOwnSuspensionsAndNoneOfTheOperator() throws Exception {
        String path = account();
        String own = tenantNumber + "/manager/policies:write";
        ok(path + "/suspend", new JsonObject().put("everything", true).put("reason", "Fraud"));
        JsonObject resume = new JsonObject().put("reason", "We need the customer");
        assertThat(post(own, path + "/resume", resume).statusCode()).isEqualTo(409);
        assertThat(post(own, path + "/lift", resume.copy().put("restrictionId", "held:administrative"))
                        .statusCode())
                .isEqualTo(409);
        for (String act : List.of("suspend", "resume", "lift")) {
            HttpResponse<Buffer> refused =
                    post(own, path + "/" + act, resume.copy().put("class", "legal"));
            assertThat(refused.statusCode()).as(act).isEqualTo(403);
            assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("operator_only");
        }
        assertThat(post(own, path + "/suspend", new JsonObject().put("reason", "Unpaid"))
                        .statusCode())
                .isEqualTo(200);
        JsonObject operators = ok(path + "/resume", new JsonObject().put("reason", "Cleared"));
        assertThat(operators.getJsonObject("policy").getString("level")).isEqualTo("normal");
    }

    @Test
    void suspensionHoldsUntilItsClassIsResumed() throws Exception {
        String path = account();
        JsonObject legal =
                new JsonObject().put("class", "legal").put("everything", true).put("reason", "Stolen");
        JsonObject suspended = ok(path + "/suspend", legal);
        assertThat(suspended.getJsonObject("policy").getString("level")).isEqualTo("suspended_all");
        JsonObject administrative = ok(path + "/suspend", new JsonObject().put("reason", "Unpaid"));
        assertThat(administrative.getJsonArray("restrictions").size()).isEqualTo(2);
        JsonObject resumed =
                ok(path + "/resume", new JsonObject().put("class", "legal").put("reason", "Found"));
        assertThat(resumed.getJsonObject("policy").getString("level")).isEqualTo("suspended_data");
        String id = resumed.getJsonArray("restrictions").getJsonObject(0).getString("id");
        JsonObject lifted =
                ok(path + "/lift", new JsonObject().put("restrictionId", id).put("reason", "Paid"));
        assertThat(lifted.getJsonObject("policy").getString("level")).isEqualTo("normal");
        JsonObject state =
                server.call(OPERATOR, HttpMethod.GET, path + "/state", null).bodyAsJsonObject();
        assertThat(state.getJsonArray("restrictions")).isEmpty();
    }

    @Test
    void supportSeesWhetherTheNetworkHasFollowed() throws Exception {
        long subscription = server.subscription(tenantNumber);
        String path = path(subscription);
        assertThat(delivery(path).getLong("sentVersion"))
                .as("nothing was sent yet")
                .isZero();
        JsonObject suspended = ok(path + "/suspend", new JsonObject().put("reason", "Unpaid"));
        long version = suspended.getJsonObject("policy").getLong("version");
        TestDatabase.execute(
                server.config,
                "UPDATE policy_state SET sent_version = " + version + " WHERE subscription_id = " + subscription);
        JsonObject sent = delivery(path);
        assertThat(sent.getLong("desiredVersion")).isEqualTo(version);
        assertThat(sent.getLong("sentVersion")).isEqualTo(version);
        assertThat(sent.getLong("confirmedVersion")).isZero();
        assertThat(sent.containsKey("confirmedAt")).isFalse();
        TestDatabase.execute(
                server.config,
                "UPDATE policy_state SET confirmed_version = " + version
                        + ", confirmed_at = '2026-11-23T14:05:12Z' WHERE subscription_id = " + subscription);
        assertThat(delivery(path).getLong("confirmedVersion")).isEqualTo(version);
        assertThat(delivery(path).getString("confirmedAt")).isEqualTo("2026-11-23T14:05:12Z");
    }

    private static JsonObject delivery(String path) throws Exception {
        return server.call(OPERATOR, HttpMethod.GET, path + "/state", null)
                .bodyAsJsonObject()
                .getJsonObject("delivery");
    }

    @Test
    void anActWhoseAnswerWasLostIsDoneOnceAndGivesItsResultWhenItComesAgain() throws Exception {
        String path = account();
        JsonObject suspension = new JsonObject().put("reason", "Unpaid");
        JsonObject lifting = new JsonObject().put("reason", "Paid");
        JsonObject credit = new JsonObject().put("bytes", 1_000_000).put("reason", "Sorry");
        for (String act : List.of("/suspend", "/resume", "/credit")) {
            JsonObject body = act.equals("/suspend") ? suspension : act.equals("/resume") ? lifting : credit;
            String key = "lost" + act.replace('/', '-');
            TestDatabase.execute(
                    server.config,
                    "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''lost''; END'",
                    "CREATE TRIGGER lose BEFORE INSERT ON idempotency_key EXECUTE FUNCTION lose()");
            assertThatThrownBy(() -> server.call(OPERATOR, HttpMethod.POST, path + act, body, key, null))
                    .isInstanceOf(AssertionError.class);
            TestDatabase.execute(server.config, "DROP FUNCTION lose() CASCADE");
            JsonObject between =
                    server.call(OPERATOR, HttpMethod.GET, path + "/state", null).bodyAsJsonObject();

            HttpResponse<Buffer> again = server.call(OPERATOR, HttpMethod.POST, path + act, body, key, null);
            assertThat(again.statusCode()).as(act + again.bodyAsString()).isEqualTo(200);
            JsonObject given = again.bodyAsJsonObject();
            assertThat(given.getJsonArray("restrictions")).isEqualTo(between.getJsonArray("restrictions"));
            assertThat(given.getLong("remainingBytes")).isEqualTo(between.getLong("remainingBytes"));
            assertThat(given.getLong("version")).as("changed once").isEqualTo(between.getLong("version"));
            assertThat(server.call(OPERATOR, HttpMethod.POST, path + act, body, key, null)
                            .getHeader("Idempotency-Replayed"))
                    .isEqualTo("true");
        }
        assertThat(server.call(OPERATOR, HttpMethod.POST, path + "/resume", lifting, "another", null)
                        .statusCode())
                .as("nothing is held any more")
                .isEqualTo(409);
    }

    @Test
    void resumeOfATenantSentAgainIsDoneAlthoughTheOperatorHoldsToo() throws Exception {
        String path = account();
        String own = tenantNumber + "/manager/policies:write";
        JsonObject reason = new JsonObject().put("reason", "Unpaid");
        ok(path + "/suspend", reason);
        assertThat(post(own, path + "/suspend", reason).statusCode()).isEqualTo(200);
        assertThat(server.call(own, HttpMethod.POST, path + "/resume", reason, "lost-resume", null)
                        .statusCode())
                .isEqualTo(200);
        TestDatabase.execute(server.config, "DELETE FROM idempotency_key");
        HttpResponse<Buffer> again = server.call(own, HttpMethod.POST, path + "/resume", reason, "lost-resume", null);
        assertThat(again.statusCode()).as(again.bodyAsString()).isEqualTo(200);
        assertThat(again.bodyAsJsonObject().getJsonArray("restrictions")).hasSize(1);
    }

    @Test
    void liftNamesEitherOneRestrictionOrOneClass() throws Exception {
        String path = account() + "/lift";
        JsonObject none = new JsonObject().put("reason", "r");
        assertThat(server.call(OPERATOR, HttpMethod.POST, path, none).statusCode())
                .isEqualTo(422);
        JsonObject both = none.copy().put("restrictionId", "x").put("class", "legal");
        assertThat(server.call(OPERATOR, HttpMethod.POST, path, both).statusCode())
                .isEqualTo(422);
        JsonObject nothing = none.copy().put("class", "drain");
        assertThat(server.call(OPERATOR, HttpMethod.POST, path, nothing).statusCode())
                .isEqualTo(409);
    }

    @Test
    void aReasonIsReadAndCountedInCharacters() throws Exception {
        String path = account();
        for (String act : List.of("/credit", "/suspend", "/lift", "/member-cap", "/leave")) {
            JsonObject body = act.equals("/credit") ? new JsonObject().put("bytes", 1_000) : new JsonObject();
            for (String blank : List.of(" ", "\u3000", "\u00a0\u2003")) {
                assertThat(server.call(
                                        OPERATOR,
                                        HttpMethod.POST,
                                        path + act,
                                        body.copy().put("reason", blank))
                                .statusCode())
                        .as(act)
                        .isEqualTo(400);
            }
        }
        JsonObject credit = new JsonObject().put("bytes", 1_000).put("reason", "😀".repeat(200));
        HttpResponse<Buffer> given = server.call(OPERATOR, HttpMethod.POST, path + "/credit", credit);
        assertThat(given.statusCode()).as(given.bodyAsString()).isEqualTo(200);
    }

    @Test
    void nothingIsGivenBackToASaleThatWasTakenBack() throws Exception {
        String path = account();
        JsonObject reason = new JsonObject().put("reason", "Taken back");
        JsonObject credit = new JsonObject().put("bytes", 1_000).put("reason", "Sorry");
        HttpResponse<Buffer> before = server.call(OPERATOR, HttpMethod.POST, path + "/credit", credit, "sold", null);
        ok(path + "/suspend", reason);
        long id = PublicId.SUBSCRIPTION
                .parse(path.substring(path.indexOf("sub_")))
                .orElseThrow();
        TestDatabase.execute(server.config, "UPDATE subscription SET cancelled_at = now() WHERE id = " + id);

        assertThat(refused(path + "/credit", credit)).isEqualTo("cancelled");
        assertThat(refused(path + "/resume", reason)).isEqualTo("cancelled");
        assertThat(refused(path + "/lift", reason.copy().put("class", "administrative")))
                .isEqualTo("cancelled");
        ok(path + "/suspend", reason.copy().put("class", "legal"));
        assertThat(server.call(OPERATOR, HttpMethod.POST, path + "/credit", credit, "sold", null)
                        .body())
                .as("the answer of then")
                .isEqualTo(before.body());
    }

    private static String refused(String path, JsonObject body) throws Exception {
        HttpResponse<Buffer> answer = post(OPERATOR, path, body);
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(409);
        return answer.bodyAsJsonObject().getString("code");
    }

    @Test
    void creditIsGivenOnceForAKey() throws Exception {
        String path = account();
        JsonObject credit = new JsonObject().put("bytes", 1_000_000_000L).put("reason", "Sorry for the night");
        HttpResponse<Buffer> first = server.call(OPERATOR, HttpMethod.POST, path + "/credit", credit, "credit-1", null);
        HttpResponse<Buffer> second =
                server.call(OPERATOR, HttpMethod.POST, path + "/credit", credit, "credit-1", null);
        assertThat(first.statusCode()).as(first.bodyAsString()).isEqualTo(200);
        assertThat(second.getHeader("Idempotency-Replayed")).isEqualTo("true");
        assertThat(server.call(OPERATOR, HttpMethod.GET, path + "/state", null)
                        .bodyAsJsonObject()
                        .getLong("remainingBytes"))
                .isEqualTo(4_000_000_000L);
    }

    @Test
    void creditThatAGatewayOfBeforeHadGivenWhenItBrokeOffIsNotGivenAgain() throws Exception {
        String path = account();
        JsonObject credit = new JsonObject().put("bytes", 1_000_000_000L).put("reason", "Sorry for the night");
        server.call(OPERATOR, HttpMethod.POST, path + "/credit", credit, "credit-before", null);
        TestDatabase.execute(server.config, "DELETE FROM idempotency_key");
        TestDatabase.execute(
                server.config,
                "UPDATE bucket SET reference = regexp_replace(reference, '^admin-.*-', 'admin-') WHERE kind = 'CREDIT'");
        TestDatabase.execute(server.config, "UPDATE account_hot SET version = version + 1");
        HttpResponse<Buffer> again =
                server.call(OPERATOR, HttpMethod.POST, path + "/credit", credit, "credit-before", null);
        assertThat(again.statusCode()).as(again.bodyAsString()).isEqualTo(200);
        assertThat(again.bodyAsJsonObject().getLong("remainingBytes")).isEqualTo(4_000_000_000L);
    }

    @Test
    void manyCreditsAtOnceDoNotStarveTheAccountsOfConnections() throws Exception {
        String path = account() + "/credit";
        JsonObject credit = new JsonObject().put("bytes", 1_000).put("reason", "Sorry");
        List<Future<HttpResponse<Buffer>>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(server.send(OPERATOR, HttpMethod.POST, path, credit, "many-" + i));
        }
        List<HttpResponse<Buffer>> answers =
                AdminServer.await(Future.all(all).map(done -> done.<HttpResponse<Buffer>>list()));
        assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
    }

    private static String account() throws Exception {
        return path(server.subscription(tenantNumber));
    }

    private static String path(long subscription) {
        return "/tenants/" + tenant + "/subscriptions/" + PublicId.SUBSCRIPTION.format(subscription);
    }

    private static JsonObject ok(String path, JsonObject body) throws Exception {
        HttpResponse<Buffer> response = server.call(OPERATOR, HttpMethod.POST, path, body);
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(200);
        return response.bodyAsJsonObject();
    }

    private static HttpResponse<Buffer> post(String credential, String path, JsonObject body) throws Exception {
        return server.call(credential, HttpMethod.POST, path, body);
    }

    private static HttpResponse<Buffer> put(String credential, String path, String tag) throws Exception {
        JsonObject rule = new JsonObject()
                .put("id", "fair-use")
                .put("when", new JsonObject().put("window", "day").put("overBytes", 2_000_000_000L))
                .put(
                        "then",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("do", "throttle")
                                        .put(
                                                "rate",
                                                new JsonObject()
                                                        .put("up", 1_000)
                                                        .put("down", 1_000))));
        JsonObject body =
                new JsonObject().put("rules", new JsonArray().add(rule)).put("reason", "Fair use in the evening");
        return server.call(credential, HttpMethod.PUT, path, body, "unused", tag);
    }

    private static List<String> actions() throws Exception {
        return server
                .call(OPERATOR, HttpMethod.GET, "/tenants/" + tenant + "/audit", null)
                .bodyAsJsonObject()
                .getJsonArray("items")
                .stream()
                .map(item -> ((JsonObject) item).getJsonObject("entry").getString("action"))
                .toList();
    }
}
