package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.octroi.db.PublicId;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaSettings;
import dev.octroi.rsp.euicc.LpaTrust;
import dev.octroi.rsp.euicc.VirtualEuicc;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A traveller wants the money back: what was sold is worth nothing from then on, unless a card has it. */
class CancelSubscriptionTest {
    @TempDir
    static Path data;

    private static RunningGateway server;

    @BeforeAll
    static void start() throws Exception {
        // A request waits for a lock that a test holds until it has seen it wait.
        server = new RunningGateway(data, "database.statementTimeoutMs=60000");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void whatWasTakenBackIsWorthNothingAndSaysSoOnce() throws Exception {
        String id = first(server.order(plan(), 1, 201));
        String path = "/v1/subscriptions/" + id;
        String code =
                server.reseller(HttpMethod.GET, path + "/activation", null, 200).getString("code");
        JsonObject reason = new JsonObject().put("reason", "money back, 8933010000004719001");
        HttpResponse<Buffer> sent = cancel(path, reason, "cancel-1");
        assertThat(sent.statusCode()).as(sent.bodyAsString()).isEqualTo(200);
        JsonObject cancelled = sent.bodyAsJsonObject();
        assertThat(cancelled.getString("cancelledAt")).isNotNull();
        assertThat(cancelled.getJsonObject("profile").getString("state")).isEqualTo("unavailable");
        assertThat(cancelled.getJsonObject("policy").getString("level")).isEqualTo("suspended_data");
        assertThat(cancel(path, reason, "cancel-1").bodyAsJsonObject())
                .as("sent again")
                .isEqualTo(cancelled);
        assertThat(cancel(path, reason, "cancel-2").bodyAsJsonObject().getString("cancelledAt"))
                .as("wished again")
                .isEqualTo(cancelled.getString("cancelledAt"));

        assertThat(codeOf(HttpMethod.GET, path + "/activation", null)).isEqualTo("activation_gone");
        assertThat(codeOf(HttpMethod.POST, path + "/replace-profile", reason)).isEqualTo("cancelled");
        assertThat(codeOf(HttpMethod.POST, path + "/resume", new JsonObject())).isEqualTo("cancelled");
        assertThat(codeOf(HttpMethod.POST, path + "/top-ups", new JsonObject().put("bytes", 1_000_000)))
                .isEqualTo("cancelled");
        server.reseller(HttpMethod.POST, path + "/reset-download", new JsonObject().put("reason", "x"), 409);
        VirtualEuicc card = card(941);
        try (Lpa lpa = lpa(card)) {
            assertThatThrownBy(() -> lpa.download(code)).isInstanceOf(Exception.class);
        }
        assertThat(card.profiles()).isEmpty();
        assertThat(server.rows("SELECT data ->> 'reason' FROM event WHERE type = 'subscription.cancelled'"
                        + " AND data ->> 'subscription' = '" + id + "'"))
                .containsExactly("money back, [redacted]");
        assertThat(server.rows("SELECT object_id FROM audit WHERE action = 'subscription.cancelled' AND object_id = '"
                        + id + "'"))
                .containsExactly(id);
        assertThat(server.reseller(HttpMethod.GET, path + "/timeline", null, 200)
                        .encode())
                .contains("subscription.cancelled");
        assertThat(server.reseller(HttpMethod.GET, "/v1/subscriptions?limit=200", null, 200)
                        .encode())
                .contains(cancelled.getString("cancelledAt"));
    }

    @Test
    void whatACardHasIsNotTakenBack() throws Exception {
        String path = "/v1/subscriptions/" + first(server.order(plan(), 1, 201));
        String code =
                server.reseller(HttpMethod.GET, path + "/activation", null, 200).getString("code");
        try (Lpa lpa = lpa(card(942))) {
            lpa.download(code);
        }
        await().atMost(30, TimeUnit.SECONDS).until(() -> stateOf(path).equals("installed"));
        JsonObject reason = new JsonObject().put("reason", "money back");
        assertThat(codeOf(HttpMethod.POST, path + "/cancel", reason)).isEqualTo("on_a_card");
        assertThat(stateOf(path)).as("all is as it was").isEqualTo("installed");
        assertThat(server.reseller(HttpMethod.GET, path, null, 200).containsKey("cancelledAt"))
                .isFalse();
    }

    @Test
    void ofAnInstallationAndACancellationAtOnceTheFirstOneWins() throws Exception {
        String id = first(server.order(plan(), 1, 201));
        String path = "/v1/subscriptions/" + id;
        String profile = "id = (SELECT profile_id FROM subscription WHERE id = " + number(id) + ")";
        Future<HttpResponse<Buffer>> sent;
        try (Connection card = server.connect()) {
            card.setAutoCommit(false);
            card.createStatement()
                    .execute("UPDATE profile SET state = 'installed', version = version + 1 WHERE " + profile);
            sent = server.begin(
                    server.reseller, HttpMethod.POST, path + "/cancel", new JsonObject().put("reason", "late"), "late");
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> !server.rows("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                                    + " AND wait_event_type = 'Lock'")
                            .isEmpty());
            card.commit();
        }
        HttpResponse<Buffer> answer = sent.await(30, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(409);
        assertThat(stateOf(path)).isEqualTo("installed");
        assertThat(server.rows(
                        "SELECT 1 FROM event WHERE type = 'subscription.cancelled' AND data ->> 'subscription' = '" + id
                                + "'"))
                .isEmpty();
    }

    @Test
    void aMemberLeavesAndAnOwnerWaitsForItsMembers() throws Exception {
        JsonObject sharing = new JsonObject().put("maxMembers", 3).put("memberBytes", 1_000_000_000L);
        String plan = server.reseller(
                        HttpMethod.POST, "/v1/plans", RunningGateway.plan(null).put("sharing", sharing), 201)
                .getString("id");
        String owner = first(server.order(plan, 1, 201));
        JsonObject join =
                new JsonObject().put("planId", plan).put("quantity", 1).put("sharedWith", owner);
        String member = first(server.reseller(HttpMethod.POST, "/v1/orders", join, 201));
        JsonObject reason = new JsonObject().put("reason", "money back");
        assertThat(codeOf(HttpMethod.POST, "/v1/subscriptions/" + owner + "/cancel", reason))
                .isEqualTo("has_members");
        server.reseller(HttpMethod.POST, "/v1/subscriptions/" + member + "/cancel", reason, 200);
        assertThat(server.reseller(HttpMethod.GET, "/v1/subscriptions/" + owner + "/balance", null, 200)
                        .getLong("quotaBytes"))
                .as("what it brought goes with it")
                .isEqualTo(3_000_000_000L);
        assertThat(server.rows(
                        "SELECT 1 FROM account WHERE left_at IS NOT NULL AND subscription_id = " + number(member)))
                .hasSize(1);
        server.reseller(HttpMethod.POST, "/v1/subscriptions/" + owner + "/cancel", reason, 200);
        assertThat(server.reseller(HttpMethod.POST, "/v1/orders", join, 422).getString("code"))
                .isEqualTo("plan_over");
    }

    @Test
    void ofACancellationAndAMemberAtOnceTheFirstOneWins() throws Exception {
        String plan = server.reseller(
                        HttpMethod.POST,
                        "/v1/plans",
                        RunningGateway.plan(null).put("sharing", new JsonObject().put("maxMembers", 3)),
                        201)
                .getString("id");
        String owner = first(server.order(plan, 1, 201));
        String row = "WHERE id = " + number(owner);
        JsonObject join =
                new JsonObject().put("planId", plan).put("quantity", 1).put("sharedWith", owner);
        JsonObject reason = new JsonObject().put("reason", "money back");
        Future<HttpResponse<Buffer>> order;
        try (Connection cancelling = server.connect()) {
            cancelling.setAutoCommit(false);
            cancelling.createStatement().execute("UPDATE subscription SET cancelled_at = now() " + row);
            order = server.begin(server.reseller, HttpMethod.POST, "/v1/orders", join, "member-late");
            waits(order);
            cancelling.commit();
        }
        assertThat(order.await(30, TimeUnit.SECONDS).statusCode())
                .as("cancelled first")
                .isEqualTo(422);
        Future<HttpResponse<Buffer>> cancel;
        try (Connection joining = server.connect()) {
            joining.createStatement().execute("UPDATE subscription SET cancelled_at = NULL " + row);
            joining.setAutoCommit(false);
            joining.createStatement().execute("SELECT 1 FROM subscription " + row + " FOR SHARE");
            cancel = server.begin(
                    server.reseller, HttpMethod.POST, "/v1/subscriptions/" + owner + "/cancel", reason, "owner-late");
            waits(cancel);
            server.reseller(HttpMethod.POST, "/v1/orders", join, 201);
            joining.commit();
        }
        assertThat(cancel.await(30, TimeUnit.SECONDS).bodyAsJsonObject().getString("code"))
                .as("joined first")
                .isEqualTo("has_members");
    }

    private static void waits(Future<?> sent) {
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> sent.isComplete()
                        || !server.rows("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                                        + " AND wait_event_type = 'Lock'")
                                .isEmpty());
    }

    private static HttpResponse<Buffer> cancel(String path, JsonObject reason, String key) throws Exception {
        return server.send(server.reseller, HttpMethod.POST, path + "/cancel", reason, key);
    }

    private static String codeOf(HttpMethod method, String path, JsonObject body) throws Exception {
        return server.reseller(method, path, body, 409).getString("code");
    }

    private static String stateOf(String path) throws Exception {
        return server.reseller(HttpMethod.GET, path, null, 200)
                .getJsonObject("profile")
                .getString("state");
    }

    private static String plan() throws Exception {
        return server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
    }

    private static VirtualEuicc card(int number) throws Exception {
        return VirtualEuicc.create(gsma(), GsmaEid.test(number), Clock.systemUTC(), new SecureRandom());
    }

    private static Lpa lpa(VirtualEuicc card) throws Exception {
        return new Lpa(card, LpaTrust.of(List.of(gsma().material().ci().certificateDer())), LpaSettings.standard());
    }

    private static GsmaTestPki gsma() throws Exception {
        return GsmaTestPki.open(data.resolve("pki/gsma"), List.of("localhost"), Clock.systemUTC(), new SecureRandom());
    }

    private static String first(JsonObject order) {
        return order.getJsonArray("subscriptions").getJsonObject(0).getString("id");
    }

    private static long number(String subscription) {
        return PublicId.SUBSCRIPTION.parse(subscription).orElseThrow();
    }
}
