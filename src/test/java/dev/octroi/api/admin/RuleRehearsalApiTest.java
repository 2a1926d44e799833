package dev.octroi.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.PublicId;
import dev.octroi.drain.Category;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asking what a rule would do before a change puts it on many. */
class RuleRehearsalApiTest {
    private static final String OPERATOR = "0/root/policies:read";
    private static final String TENANT = "1/ada/policies:read";
    private static final long MB = 1_000_000;

    private static AdminServer server;
    private static long first;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = new AdminServer(folder);
        TestDatabase.execute(server.config, "INSERT INTO tenant (slug, name) VALUES ('one', 'One'), ('two', 'Two')");
        first = sold();
        sold();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void theOperatorLearnsWhomItsRuleWouldHoldAndNothingChanges() throws Exception {
        JsonObject target = new JsonObject().put("planId", PublicId.PLAN.format(1));
        List<String> before = versions();
        JsonObject page = rehearsed("?limit=1", body("operator", target)).bodyAsJsonObject();
        assertThat(page.getJsonArray("items")).hasSize(1);
        assertThat(page.getJsonObject("fleet").getBoolean("complete")).isFalse();
        JsonObject last = rehearsed("?limit=1&after=" + page.getString("next"), body("operator", target))
                .bodyAsJsonObject();
        JsonObject fleet = last.getJsonObject("fleet");
        assertThat(fleet.getBoolean("complete")).isTrue();
        assertThat(fleet.getInteger("subscriptions")).isEqualTo(2);
        assertThat(fleet.getInteger("paused")).isEqualTo(2);
        assertThat(fleet.getLong("savedBytes")).isPositive();
        assertThat(versions()).isEqualTo(before);
        assertThat(rehearsed("?limit=1&after=" + page.getString("next"), body("reseller", target))
                        .statusCode())
                .as("sums of other rules are not mixed")
                .isEqualTo(400);
    }

    @Test
    void onlyThoseThatTheChangeWouldMeanArePlayed() throws Exception {
        JsonObject named =
                new JsonObject().put("subscriptions", new JsonArray().add(PublicId.SUBSCRIPTION.format(first)));
        JsonArray items =
                rehearsed("", body("operator", named)).bodyAsJsonObject().getJsonArray("items");
        assertThat(items).hasSize(1);
        assertThat(items.getJsonObject(0).getString("subscriptionId")).isEqualTo(PublicId.SUBSCRIPTION.format(first));
        JsonObject nobody = new JsonObject().put("country", "AQ");
        assertThat(rehearsed("", body("operator", nobody)).bodyAsJsonObject().getJsonArray("items"))
                .isEmpty();
        assertThat(code(rehearsed("", body("operator", new JsonObject().put("all", false)))))
                .isEqualTo("invalid_target");
    }

    @Test
    void aTenantRehearsesOnItsOwnOnly() throws Exception {
        JsonObject all = body("reseller", new JsonObject().put("all", true));
        assertThat(rehearsed(TENANT, 1, "", all).statusCode()).isEqualTo(200);
        assertThat(rehearsed(TENANT, 2, "", all).statusCode()).isEqualTo(404);
        assertThat(rehearsed(OPERATOR, 77, "", all).statusCode()).isEqualTo(404);
    }

    private static JsonObject body(String owner, JsonObject target) {
        JsonObject body = new JsonObject("""
                {"days": 2, "rules": [{"id": "hour", "when": {"window": "hour", "overBytes": 1000000},
                                       "then": [{"do": "pause"}]}]}
                """);
        return body.put("owner", owner).put("target", target);
    }

    private static HttpResponse<Buffer> rehearsed(String query, JsonObject body) throws Exception {
        return rehearsed(OPERATOR, 1, query, body);
    }

    private static HttpResponse<Buffer> rehearsed(String who, int tenant, String query, JsonObject body)
            throws Exception {
        return server.call(
                who, HttpMethod.POST, "/tenants/" + PublicId.TENANT.format(tenant) + "/rules/simulate" + query, body);
    }

    private static String code(HttpResponse<Buffer> response) {
        return response.bodyAsJsonObject().getString("code");
    }

    private static List<String> versions() throws Exception {
        return TestDatabase.rows(server.config, "SELECT version::text FROM account_hot ORDER BY account_id");
    }

    /** A subscription that used 100 MB in the hours before this one. */
    private static long sold() throws Exception {
        long subscription = server.subscription(1);
        long account = Long.parseLong(
                TestDatabase.rows(server.config, "SELECT account_id::text FROM subscription WHERE id = " + subscription)
                        .getFirst());
        for (int i = 1; i <= 10; i++) {
            Instant at = Instant.now().minus(Duration.ofMinutes(120 + i));
            UsageRecord record = AccountFixture.traffic("r" + i + "-" + account, at, MB, 9 * MB, Category.WEB);
            AdminServer.await(server.accounts.submit(
                    new AccountKey(1, account), new AccountCommand.CountUsage(record, Actor.network("net-a"))));
        }
        return subscription;
    }
}
