package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.octroi.callback.Receiver;
import dev.octroi.db.PublicId;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.TrustDomain;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaException;
import dev.octroi.rsp.euicc.LpaSettings;
import dev.octroi.rsp.euicc.LpaTrust;
import dev.octroi.rsp.euicc.VirtualEuicc;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.net.URI;
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

/** A phone is lost: the balance moves to a new profile, and the old code works no more. */
class ReplaceProfileTest {
    @TempDir
    static Path data;

    private static final Vertx VERTX = Vertx.vertx();

    private static Receiver network;
    private static RunningGateway server;

    @BeforeAll
    static void start() throws Exception {
        DevPki pki = DevPki.ensure(data.resolve("pki"), Clock.systemUTC(), new SecureRandom());
        network = new Receiver(VERTX, pki.domain(TrustDomain.NETWORK).server("pcrf", List.of("localhost")), null);
        // Requests wait for locks that a test holds until it has seen them wait.
        server = new RunningGateway(data, "callback.networkUrl=" + network.url(), "database.statementTimeoutMs=60000");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        network.close();
        VERTX.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void newProfileTakesTheBalanceAndTheOldCodeAndSimFindNothing() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        JsonObject order = server.order(plan, 1, 201);
        String path = "/v1/subscriptions/" + first(order);
        server.reseller(HttpMethod.POST, path + "/top-ups", new JsonObject().put("bytes", 500_000_000), 201);
        JsonObject before = server.reseller(HttpMethod.GET, path + "/balance", null, 200);
        String oldCode =
                server.reseller(HttpMethod.GET, path + "/activation", null, 200).getString("code");
        String account = server.reseller(HttpMethod.GET, path, null, 200).getString("accountId");
        List<String> oldLinks = linksOf(first(order));

        JsonObject reason = new JsonObject().put("reason", "The traveller lost the phone with 8933010000004711007");
        JsonObject replaced = server.reseller(HttpMethod.POST, path + "/replace-profile", reason, 200);
        assertThat(replaced.getString("accountId")).isEqualTo(account);
        assertThat(replaced.getJsonObject("profile").getString("state")).isEqualTo("released");

        JsonObject after = server.reseller(HttpMethod.GET, path + "/balance", null, 200);
        assertThat(after.getJsonArray("buckets")).isEqualTo(before.getJsonArray("buckets"));
        assertThat(linksOf(first(order)))
                .as("two names of the new SIM, none of the old")
                .hasSize(2)
                .doesNotContainAnyElementsOf(oldLinks);

        String newCode =
                server.reseller(HttpMethod.GET, path + "/activation", null, 200).getString("code");
        assertThat(newCode).isNotEqualTo(oldCode);
        GsmaTestPki gsma =
                GsmaTestPki.open(data.resolve("pki/gsma"), List.of("localhost"), Clock.systemUTC(), new SecureRandom());
        VirtualEuicc card = VirtualEuicc.create(gsma, GsmaEid.test(931), Clock.systemUTC(), new SecureRandom());
        try (Lpa lpa =
                new Lpa(card, LpaTrust.of(List.of(gsma.material().ci().certificateDer())), LpaSettings.standard())) {
            assertThatThrownBy(() -> lpa.download(oldCode))
                    .as("the old code")
                    .isInstanceOf(LpaException.class)
                    .hasMessageContaining("8.2.6");
            assertThat(lpa.download(newCode).iccid())
                    .isEqualTo(replaced.getJsonObject("profile").getString("iccid"));
        }
        assertThat(server.reseller(HttpMethod.GET, path + "/timeline", null, 200)
                        .encode())
                .contains("profile.replaced", "The traveller lost the phone with [redacted]");
        assertThat(server.rows("SELECT data::text FROM event WHERE data::text LIKE '%8933010000004711007%'"
                        + " UNION ALL SELECT entry FROM audit WHERE entry LIKE '%8933010000004711007%'"
                        + " UNION ALL SELECT message FROM rsp_progress WHERE message LIKE '%8933010000004711007%'"))
                .isEmpty();
    }

    @Test
    void sessionsOfTheLostSimAreToldToEndWithTheReplacement() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        String subscription = first(server.order(plan, 1, 201));
        server.execute("""
                INSERT INTO charging_session (vshard, tenant_id, account_id, number, partner_id, notices, open, waiting,
                                              notify_to, promised_bytes, grants_until, touched_at, memory)
                SELECT vshard, tenant_id, account_id, 4711 * 256 + vshard, 9, 0, true, false, 'c2VhbGVk', 50000000,
                       now() + interval '15 minutes', now(), E'10\\x1f50000000\\n\\n-1'
                FROM subscription WHERE id = %d
                """.formatted(number(subscription)));
        server.reseller(
                HttpMethod.POST,
                "/v1/subscriptions/" + subscription + "/replace-profile",
                new JsonObject().put("reason", "lost"),
                200);
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(
                                server.rows("SELECT s.bar || ' ' || s.promised_bytes || ' ' || (o.payload ->> 'abort')"
                                        + " FROM charging_session s JOIN outbox o ON o.stream = 'charging' AND o.key = s.number"
                                        + " WHERE s.partner_id = 9"))
                        .containsExactly("told 0 true"));
    }

    @Test
    void subscriptionsToPolicyCountersOfTheLostSimEndWithTheReplacement() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        String subscription = first(server.order(plan, 1, 201));
        server.execute("""
                INSERT INTO spending_limit (vshard, tenant_id, account_id, number, partner_id, context, counters, expires_at, told)
                SELECT vshard, tenant_id, account_id, 4712 * 256 + vshard, 10, ''::bytea, '{}', now() + interval '1 day', '{}'
                FROM subscription WHERE id = %d
                """.formatted(number(subscription)));
        server.reseller(
                HttpMethod.POST,
                "/v1/subscriptions/" + subscription + "/replace-profile",
                new JsonObject().put("reason", "lost"),
                200);
        assertThat(server.rows("SELECT l.ended || ' ' || l.notices || ' ' || (o.payload ->> 'spending')"
                        + " FROM spending_limit l JOIN outbox o ON o.stream = 'charging' AND o.key = l.number"
                        + " AND o.version = 1 WHERE l.partner_id = 10"))
                .containsExactly("true 1 terminate");
    }

    @Test
    void networkIsToldThePolicyInForceForTheNewSim() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        String subscription = first(server.order(plan, 1, 201));
        String path = "/v1/subscriptions/" + subscription;
        server.reseller(HttpMethod.POST, path + "/pause", null, 200);
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(confirmed(subscription)).containsExactly("t"));
        JsonObject told = toldOf(subscription).getLast();
        assertThat(told.getInteger("level")).isEqualTo(4);

        JsonObject reason = new JsonObject().put("reason", "lost");
        server.reseller(HttpMethod.POST, path + "/replace-profile", reason, 200);
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(toldOf(subscription).getLast().getString("imsi"))
                        .isNotNull()
                        .isNotEqualTo(told.getString("imsi")));
        JsonObject again = toldOf(subscription).getLast();
        assertThat(again.getInteger("level")).isEqualTo(4);
        assertThat(again.getLong("version")).isEqualTo(told.getLong("version"));
        assertThat(again.getBoolean("repair")).isTrue();
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(confirmed(subscription)).containsExactly("t"));
    }

    @Test
    void whoeverFindsTheLostPhoneSeesNothingOfTheNewProfileThroughTheLinkInItsMail() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        String path = "/v1/subscriptions/" + first(server.order(plan, 1, 201));
        String lost = URI.create(
                        server.reseller(HttpMethod.GET, path, null, 200).getString("selfCareUrl"))
                .getPath();
        String oldCode =
                server.reseller(HttpMethod.GET, path + "/activation", null, 200).getString("code");
        assertThat(server.page(lost)).contains(oldCode);

        server.reseller(HttpMethod.POST, path + "/replace-profile", new JsonObject().put("reason", "lost"), 200);
        String code =
                server.reseller(HttpMethod.GET, path + "/activation", null, 200).getString("code");
        assertThat(server.page(lost)).doesNotContain(code, oldCode);
        String next = URI.create(
                        server.reseller(HttpMethod.GET, path, null, 200).getString("selfCareUrl"))
                .getPath();
        assertThat(server.page(next)).contains(code);
    }

    @Test
    void aLinkThatFellIntoOtherHandsIsEndedWithoutReplacingTheProfile() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        String path = "/v1/subscriptions/" + first(server.order(plan, 1, 201));
        String code =
                server.reseller(HttpMethod.GET, path + "/activation", null, 200).getString("code");
        String known = link(path);
        assertThat(server.page(known)).contains(code);

        server.reseller(HttpMethod.DELETE, path + "/self-care-links", null, 204);
        assertThat(server.page(known)).doesNotContain(code);
        assertThat(server.page(link(path))).contains(code);
        assertThat(server.reseller(HttpMethod.GET, path + "/activation", null, 200)
                        .getString("code"))
                .isEqualTo(code);
        assertThat(server.rows("SELECT object_id FROM audit WHERE action = 'self_care_links.ended'"))
                .contains(path.substring("/v1/subscriptions/".length()));
    }

    @Test
    void aCodeWhoseTimeIsOverIsNeitherDrawnNorOffered() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        String subscription = first(server.order(plan, 1, 201));
        String path = "/v1/subscriptions/" + subscription;
        JsonObject reset = new JsonObject().put("reason", "late").put("expiresAt", "2999-12-31T22:00:00Z");
        server.reseller(HttpMethod.POST, path + "/reset-download", reset, 200);
        JsonObject open = server.reseller(HttpMethod.GET, path + "/activation", null, 200);
        assertThat(open.getString("state")).isEqualTo("available");
        assertThat(open.getString("expiresAt")).startsWith("2999-12-31T22:00:00");
        assertThat(server.page(link(path))).contains(open.getString("code"));

        server.execute("UPDATE profile SET expires_at = now() - interval '1 minute' WHERE id ="
                + " (SELECT profile_id FROM subscription WHERE id = " + number(subscription) + ")");
        JsonObject over = server.reseller(HttpMethod.GET, path + "/activation", null, 200);
        assertThat(over.getString("state")).isEqualTo("expired");
        assertThat(server.page(link(path))).doesNotContain(open.getString("code"), open.getString("matchingId"));
        assertThat(server.picture(path + "/activation").statusCode()).isEqualTo(409);
    }

    private static String link(String path) throws Exception {
        return URI.create(server.reseller(HttpMethod.GET, path, null, 200).getString("selfCareUrl"))
                .getPath();
    }

    /** What the network was told of a subscription. */
    private static List<JsonObject> toldOf(String subscription) {
        return network.got().stream()
                .map(Receiver.Got::data)
                .filter(data -> subscription.equals(data.getString("subscription")))
                .toList();
    }

    private static List<String> confirmed(String subscription) throws Exception {
        return server.rows("SELECT confirmed_version = desired_version FROM policy_state WHERE subscription_id = "
                + number(subscription));
    }

    @Test
    void twoReplacementsAtOnceLeaveOneProfileAliveAndThatIsTheSubscriptions() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        String subscription = first(server.order(plan, 1, 201));
        String path = "/v1/subscriptions/" + subscription + "/replace-profile";
        JsonObject reason = new JsonObject().put("reason", "lost");
        List<HttpResponse<Buffer>> replaced = bothAtOnce(
                subscription,
                () -> server.begin(server.reseller, HttpMethod.POST, path, reason, "replace-a"),
                () -> server.begin(server.reseller, HttpMethod.POST, path, reason, "replace-b"));
        assertThat(replaced)
                .extracting(HttpResponse::statusCode)
                .as("the second replaces what the first has put in")
                .containsExactly(200, 200);
        assertThat(liveProfiles(subscription)).isEqualTo(currentProfile(subscription));
        assertThat(linksOf(subscription))
                .isEqualTo(
                        server.rows("SELECT encode(i, 'hex') FROM subscription s JOIN profile p ON p.id = s.profile_id,"
                                + " unnest(ARRAY[p.iccid_idx, p.imsi_idx]) AS i WHERE s.id = " + number(subscription)
                                + " ORDER BY 1"));
    }

    @Test
    void whoNamesTheLostProfileReplacesItOnce() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        String subscription = first(server.order(plan, 1, 201));
        String path = "/v1/subscriptions/" + subscription + "/replace-profile";
        String lost = server.reseller(HttpMethod.GET, "/v1/subscriptions/" + subscription, null, 200)
                .getJsonObject("profile")
                .getString("id");
        JsonObject body = new JsonObject().put("reason", "lost").put("profileId", lost);
        List<HttpResponse<Buffer>> answers = bothAtOnce(
                subscription,
                () -> server.begin(server.reseller, HttpMethod.POST, path, body, "click-a"),
                () -> server.begin(server.reseller, HttpMethod.POST, path, body, "click-b"));
        assertThat(answers).extracting(HttpResponse::statusCode).containsExactly(200, 409);
        assertThat(answers.getLast().bodyAsJsonObject().getString("code")).isEqualTo("profile_changed");
        assertThat(answers.getFirst()
                        .bodyAsJsonObject()
                        .getJsonObject("profile")
                        .getString("id"))
                .as("what the agent was told is what holds")
                .isEqualTo(PublicId.PROFILE.format(
                        Long.parseLong(currentProfile(subscription).getFirst())));
    }

    @Test
    void memberThatLeavesWhileItsProfileIsReplacedLeavesNoProfileAlive() throws Exception {
        JsonObject sharing = new JsonObject()
                .put("maxMembers", 3)
                .put("memberBytes", 1_000_000_000L)
                .put("memberPrice", new JsonObject().put("amount", "2.00").put("currency", "EUR"));
        String plan = server.reseller(
                        HttpMethod.POST, "/v1/plans", RunningGateway.plan(null).put("sharing", sharing), 201)
                .getString("id");
        String owner = first(server.order(plan, 1, 201));
        JsonObject reason = new JsonObject().put("reason", "moved out");
        String admin = "/admin/v1/tenants/" + PublicId.TENANT.format(1) + "/subscriptions/";
        for (String leave : List.of("/v1/subscriptions/", admin)) {
            String token = leave.equals(admin) ? server.admin : server.reseller;
            JsonObject join =
                    new JsonObject().put("planId", plan).put("quantity", 1).put("sharedWith", owner);
            String member = first(server.reseller(HttpMethod.POST, "/v1/orders", join, 201));
            String replace = "/v1/subscriptions/" + member + "/replace-profile";
            List<HttpResponse<Buffer>> answers = bothAtOnce(
                    member,
                    () -> server.begin(server.reseller, HttpMethod.POST, replace, reason, "replace-" + member),
                    () -> server.begin(token, HttpMethod.POST, leave + member + "/leave", reason, "leave-" + member));
            assertThat(answers).extracting(HttpResponse::statusCode).as(leave).containsExactly(200, 200);
            assertThat(liveProfiles(member)).as(leave).isEmpty();
        }
    }

    /** Begins both while the profile of the subscription is held, the second when the first waits. */
    private static List<HttpResponse<Buffer>> bothAtOnce(String subscription, Request first, Request second)
            throws Exception {
        try (Connection holder = server.connect()) {
            holder.setAutoCommit(false);
            holder.createStatement()
                    .executeQuery("SELECT 1 FROM profile WHERE id = (SELECT profile_id FROM subscription WHERE id = "
                            + number(subscription) + ") FOR UPDATE");
            Future<HttpResponse<Buffer>> one = first.begin();
            await().atMost(20, TimeUnit.SECONDS).until(() -> waiting() == 1);
            Future<HttpResponse<Buffer>> two = second.begin();
            await().atMost(20, TimeUnit.SECONDS).until(() -> waiting() == 2);
            holder.rollback();
            return List.of(one.await(30, TimeUnit.SECONDS), two.await(30, TimeUnit.SECONDS));
        }
    }

    private interface Request {
        Future<HttpResponse<Buffer>> begin();
    }

    private static int waiting() throws Exception {
        return Integer.parseInt(server.rows("SELECT count(*) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND wait_event_type = 'Lock'")
                .getFirst());
    }

    /** All profiles that were ever the subscription's and can be downloaded. */
    private static List<String> liveProfiles(String subscription) throws Exception {
        return server.rows("SELECT p.id FROM profile p WHERE p.state = 'released' AND p.iccid_idx IN"
                + " (SELECT hash FROM account_link l JOIN subscription s ON s.account_id = l.account_id"
                + " WHERE s.id = " + number(subscription) + ")");
    }

    private static List<String> currentProfile(String subscription) throws Exception {
        return server.rows("SELECT profile_id FROM subscription WHERE id = " + number(subscription));
    }

    private static String first(JsonObject order) {
        return order.getJsonArray("subscriptions").getJsonObject(0).getString("id");
    }

    private static long number(String subscription) {
        return PublicId.SUBSCRIPTION.parse(subscription).orElseThrow();
    }

    private static List<String> linksOf(String subscription) throws Exception {
        return server.rows("SELECT encode(hash, 'hex') FROM account_link"
                + " WHERE account_id = (SELECT account_id FROM subscription WHERE id = " + number(subscription)
                + ") ORDER BY 1");
    }
}
