package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway with one connection of each role for each event loop: whoever held one and waited for another of the same role would
 * wait for itself.
 */
class SmallestPoolTest {
    @TempDir
    static Path data;

    private static RunningGateway server;
    private static String plan;

    @BeforeAll
    static void start() throws Exception {
        // Whoever waits for a row may wait for long; whoever waits for a connection gives up after five seconds.
        server = new RunningGateway(data, "database.poolSize=1", "database.statementTimeoutMs=60000");
        JsonObject offer = RunningGateway.plan(null)
                .put("sharing", new JsonObject().put("maxMembers", 10))
                .put(
                        "overage",
                        new JsonObject().put("pricePerMegabyte", euro("0.10")).put("ceiling", euro("80.00")));
        plan = server.reseller(HttpMethod.POST, "/v1/plans", offer, 201).getString("id");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void writesOfAllKindsAtOnceWaitForEachOtherAndNeverForThemselves() throws Exception {
        List<String> owners = subscriptions(server.order(plan, 4, 201));
        JsonObject shared =
                new JsonObject().put("planId", plan).put("quantity", 4).put("sharedWith", owners.getFirst());
        List<String> members = subscriptions(server.reseller(HttpMethod.POST, "/v1/orders", shared, 201));
        JsonObject reason = new JsonObject().put("reason", "moved out");
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
            String own = owners.get(i);
            JsonObject agreed = new JsonObject().put("agreed", true);
            answers.add(post(own, "overage", agreed.copy().put("monthlyLimit", euro("20.00"))));
            answers.add(post(own, "overage", agreed.copy().put("monthlyLimit", euro("30.00"))));
            answers.add(post(members.get(i), "leave", reason));
            answers.add(post(own, "replace-profile", reason));
            answers.add(post(own, "pause", new JsonObject()));
            answers.add(post(own, "time-zone", new JsonObject().put("timeZone", "Asia/Tokyo")));
            answers.add(post(members.get(i), "member-cap", new JsonObject().putNull("cap")));
            answers.add(server.begin(server.reseller, HttpMethod.GET, path(own) + "/balance", null, "none"));
            for (Future<HttpResponse<Buffer>> each : answers) {
                HttpResponse<Buffer> answer = each.await(60, TimeUnit.SECONDS);
                if (answer.statusCode() >= 500) {
                    refused.add(answer.bodyAsString());
                }
            }
        }
        assertThat(refused).isEmpty();
        for (String member : members) {
            assertThat(server.reseller(HttpMethod.GET, path(member) + "/balance", null, 200)
                            .getJsonObject("shared")
                            .getString("leftAt"))
                    .isNotNull();
        }
    }

    @Test
    void limitOfAMonthAndALeaveAreDoneOnceForTheirKey() throws Exception {
        String owner = subscriptions(server.order(plan, 1, 201)).getFirst();
        JsonObject shared = new JsonObject().put("planId", plan).put("sharedWith", owner);
        String member = subscriptions(server.reseller(HttpMethod.POST, "/v1/orders", shared, 201))
                .getFirst();
        JsonObject agreed = new JsonObject().put("agreed", true).put("monthlyLimit", euro("20.00"));
        JsonObject reason = new JsonObject().put("reason", "moved out");
        for (int time = 0; time < 2; time++) {
            HttpResponse<Buffer> overage =
                    server.send(server.reseller, HttpMethod.POST, path(owner) + "/overage", agreed, "overage-1");
            assertThat(overage.statusCode()).isEqualTo(200);
            HttpResponse<Buffer> leave =
                    server.send(server.reseller, HttpMethod.POST, path(member) + "/leave", reason, "leave-1");
            assertThat(leave.statusCode()).isEqualTo(200);
            assertThat(leave.bodyAsJsonObject().getJsonObject("profile").getString("state"))
                    .as("the code works no more")
                    .isEqualTo("unavailable");
            assertThat(leave.getHeader("Idempotency-Replayed")).isEqualTo(time == 0 ? null : "true");
            assertThat(overage.getHeader("Idempotency-Replayed")).isEqualTo(time == 0 ? null : "true");
        }
        JsonObject tooMuch = new JsonObject().put("agreed", true).put("monthlyLimit", euro("80.01"));
        assertThat(server.reseller(HttpMethod.POST, path(owner) + "/overage", tooMuch, 422)
                        .getString("code"))
                .isEqualTo("invalid_limit");
        server.reseller(HttpMethod.POST, path("sub_0000000000000") + "/overage", agreed, 404);
    }

    @Test
    void actOfAnAdminIsRepeatedAfterABreakWithoutWaitingForItself() throws Exception {
        String subscription = subscriptions(server.order(plan, 1, 201)).getFirst();
        String suspend = "/admin/v1/tenants/ten_0000000000001/subscriptions/" + subscription + "/suspend";
        JsonObject body = new JsonObject().put("class", "administrative").put("reason", "unpaid");
        for (int time = 0; time < 2; time++) {
            HttpResponse<Buffer> answer = server.send(server.admin, HttpMethod.POST, suspend, body, "suspend-1");
            assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
            assertThat(answer.getHeader("Idempotency-Replayed")).isNull();
            server.execute("DELETE FROM idempotency_key");
        }
    }

    private static Future<HttpResponse<Buffer>> post(String subscription, String act, @Nullable JsonObject body) {
        return server.begin(
                server.reseller,
                HttpMethod.POST,
                path(subscription) + "/" + act,
                body,
                UUID.randomUUID().toString());
    }

    private static String path(String subscription) {
        return "/v1/subscriptions/" + subscription;
    }

    private static List<String> subscriptions(JsonObject order) {
        return order.getJsonArray("subscriptions").stream()
                .map(each -> ((JsonObject) each).getString("id"))
                .toList();
    }

    private static JsonObject euro(String amount) {
        return new JsonObject().put("amount", amount).put("currency", "EUR");
    }
}
