package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.PublicId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A family on one volume, as a reseller and its travellers meet it. */
class SharedAccountApiTest {
    @TempDir
    static Path data;

    private static RunningGateway server;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningGateway(data);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static JsonObject sharedPlan(int members) {
        return RunningGateway.plan(null)
                .put(
                        "sharing",
                        new JsonObject()
                                .put("maxMembers", members)
                                .put("memberBytes", 1_000_000_000L)
                                .put(
                                        "memberPrice",
                                        new JsonObject().put("amount", "2.00").put("currency", "EUR")));
    }

    private static JsonObject join(String plan, String owner, int quantity, int status) throws Exception {
        JsonObject order = new JsonObject()
                .put("planId", plan)
                .put("quantity", quantity)
                .put("sharedWith", owner)
                .put("timeZone", "Asia/Shanghai");
        return server.reseller(HttpMethod.POST, "/v1/orders", order, status);
    }

    private static String first(JsonObject order) {
        return order.getJsonArray("subscriptions").getJsonObject(0).getString("id");
    }

    private static JsonObject members(String subscription, int status) throws Exception {
        return server.reseller(HttpMethod.GET, "/v1/subscriptions/" + subscription + "/members", null, status);
    }

    @Test
    void familyJoinsIsCappedAndLeaves() throws Exception {
        JsonObject offered = server.reseller(HttpMethod.POST, "/v1/plans", sharedPlan(3), 201);
        assertThat(offered.getJsonObject("sharing").getInteger("maxMembers")).isEqualTo(3);
        String plan = offered.getString("id");
        assertThat(server.reseller(HttpMethod.GET, "/v1/plans/" + plan + "/label", null, 200)
                        .encode())
                .contains("\"sharing\"", "memberBytes");
        String owner = first(server.order(plan, 1, 201));
        JsonObject order = join(plan, owner, 1, 201);
        assertThat(order.getJsonObject("total").getString("amount")).isEqualTo("2.00");
        String child = first(order);
        assertThat(server.reseller(HttpMethod.GET, "/v1/subscriptions/" + child + "/activation", null, 200)
                        .getString("code"))
                .as("a profile of its own")
                .startsWith("LPA:1$");
        assertThat(join(plan, owner, 2, 422).getString("code")).isEqualTo("shared_full");
        assertThat(join(plan, child, 1, 422).getString("code")).isEqualTo("not_the_owner");

        JsonObject cap = new JsonObject()
                .put("cap", new JsonObject().put("bytes", 500_000_000).put("window", "day"));
        JsonObject capped = server.reseller(HttpMethod.POST, "/v1/subscriptions/" + child + "/member-cap", cap, 200);
        assertThat(capped.getLong("quotaBytes"))
                .as("the plan's and what it brings")
                .isEqualTo(4_000_000_000L);
        assertThat(capped.getJsonObject("shared").getString("role")).isEqualTo("member");
        assertThat(capped.getJsonObject("shared").getString("ownerId")).isEqualTo(owner);
        assertThat(server.reseller(HttpMethod.POST, "/v1/subscriptions/" + owner + "/member-cap", cap, 409)
                        .getString("code"))
                .isEqualTo("not_a_member");

        JsonArray listed = members(owner, 200).getJsonArray("members");
        assertThat(listed).hasSize(2);
        assertThat(listed.getJsonObject(1).getString("subscriptionId")).isEqualTo(child);
        assertThat(listed.getJsonObject(1).getJsonObject("cap").getLong("bytes"))
                .isEqualTo(500_000_000L);

        String page = page(owner, "en");
        assertThat(page).contains("Shared volume", "Member 1");
        assertThat(page(child, "fr")).contains("Volume partagé", "Les autres").doesNotContain("Membre 1");
        assertThat(page(child, "zh")).contains("共享流量");

        JsonObject replaced = server.reseller(
                HttpMethod.POST,
                "/v1/subscriptions/" + child + "/replace-profile",
                new JsonObject().put("reason", "lost"),
                200);
        assertThat(replaced.getJsonObject("profile").getString("state")).isEqualTo("released");
        assertThat(members(child, 200).getJsonArray("members")).hasSize(2);

        JsonObject leave = new JsonObject().put("reason", "moved out with 8933010000004712005");
        JsonObject left = server.reseller(HttpMethod.POST, "/v1/subscriptions/" + child + "/leave", leave, 200);
        assertThat(left.getJsonObject("profile").getString("state")).isEqualTo("unavailable");
        assertThat(server.reseller(HttpMethod.GET, "/v1/subscriptions/" + child + "/balance", null, 200)
                        .getJsonObject("policy")
                        .getString("reason"))
                .isEqualTo("member.left");
        server.reseller(HttpMethod.POST, "/v1/subscriptions/" + child + "/leave", leave, 200);
        server.reseller(HttpMethod.POST, "/v1/subscriptions/" + owner + "/leave", leave, 409);
        assertThat(server.reseller(HttpMethod.POST, "/v1/subscriptions/" + child + "/replace-profile", leave, 409)
                        .getString("code"))
                .isEqualTo("member_left");
        assertThat(server.reseller(HttpMethod.GET, "/v1/subscriptions/" + child + "/activation", null, 409)
                        .getString("code"))
                .isEqualTo("activation_gone");
        members(child, 404);
        assertThat(server.rows("SELECT entry FROM audit WHERE entry LIKE '%8933010000004712005%'"
                        + " UNION ALL SELECT message FROM rsp_progress WHERE message LIKE '%8933010000004712005%'"))
                .as("a number that somebody pasted")
                .isEmpty();
        assertThat(server.reseller(HttpMethod.GET, "/v1/subscriptions/" + owner + "/balance", null, 200)
                        .getLong("quotaBytes"))
                .as("what it brought and nobody used goes with it")
                .isEqualTo(3_000_000_000L);
        assertThat(first(join(plan, owner, 1, 201))).as("there is room again").isNotEqualTo(child);
    }

    @Test
    void whatOneUsedIsAsFreshAsItsOwnRecordsAndTheVolumeAsThoseOfAll() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", sharedPlan(3), 201)
                .getString("id");
        String owner = first(server.order(plan, 1, 201));
        String child = first(join(plan, owner, 1, 201));
        lastRecord(owner, "1 minute");
        lastRecord(child, "3 days");
        assertThat(lagSeconds(owner, "usage")).isBetween(60L, 600L);
        assertThat(lagSeconds(child, "usage")).isBetween(259_200L, 260_000L);
        assertThat(lagSeconds(child, "balance")).isBetween(60L, 600L);
    }

    private static void lastRecord(String subscription, String ago) throws Exception {
        server.execute(
                """
                UPDATE account_hot SET last_event_at = now() - interval '%s', version = version + 1
                WHERE account_id IN (SELECT id FROM account WHERE subscription_id = %d)
                """.formatted(ago, PublicId.SUBSCRIPTION.parse(subscription).orElseThrow()));
    }

    private static long lagSeconds(String subscription, String what) throws Exception {
        return server.reseller(HttpMethod.GET, "/v1/subscriptions/" + subscription + "/" + what, null, 200)
                .getJsonObject("reading")
                .getLong("lagSeconds");
    }

    @Test
    void aMemberIsListedAsItsVolumeStands() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", sharedPlan(3), 201)
                .getString("id");
        String owner = first(server.order(plan, 1, 201));
        String child = first(join(plan, owner, 1, 201));
        assertThat(List.of(listedStatus(owner), listedStatus(child))).containsOnly("not_started");

        server.execute("""
                UPDATE account SET starts_at = now() - interval '1 day', ends_at = now() + interval '6 days'
                WHERE subscription_id = %d""".formatted(PublicId.SUBSCRIPTION.parse(owner).orElseThrow()));
        assertThat(List.of(listedStatus(owner), listedStatus(child))).containsOnly("active");
    }

    private static String listedStatus(String subscription) throws Exception {
        return server.reseller(HttpMethod.GET, "/v1/subscriptions?limit=200", null, 200).getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("id").equals(subscription))
                .findFirst()
                .orElseThrow()
                .getString("status");
    }

    @Test
    void supportTakesAMemberOutAndItsCodeWorksNoMore() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", sharedPlan(3), 201)
                .getString("id");
        String owner = first(server.order(plan, 1, 201));
        String child = first(join(plan, owner, 1, 201));
        JsonObject why = new JsonObject().put("reason", "The owner asked for it: 8933010000004713003");
        String path = "/admin/v1/tenants/" + PublicId.TENANT.format(1) + "/subscriptions/" + child + "/leave";
        for (int i = 0; i < 2; i++) {
            HttpResponse<Buffer> left = server.send(server.admin, HttpMethod.POST, path, why, "support-" + i);
            assertThat(left.statusCode()).as(left.bodyAsString()).isEqualTo(200);
            assertThat(left.bodyAsJsonObject().getJsonObject("policy").getString("reason"))
                    .isEqualTo("member.left");
        }
        assertThat(server.reseller(HttpMethod.GET, "/v1/subscriptions/" + child, null, 200)
                        .getJsonObject("profile")
                        .getString("state"))
                .isEqualTo("unavailable");
        assertThat(members(owner, 200).getJsonArray("members")).hasSize(1);
        assertThat(server.rows("SELECT entry FROM audit WHERE entry LIKE '%8933010000004713003%'"
                        + " UNION ALL SELECT message FROM rsp_progress WHERE message LIKE '%8933010000004713003%'"))
                .isEmpty();
    }

    @Test
    void subscriptionWhoseVolumeIsUsedUpJoinsAndLeavesAgain() throws Exception {
        String plan = server.reseller(HttpMethod.POST, "/v1/plans", sharedPlan(2), 201)
                .getString("id");
        String other = server.reseller(HttpMethod.POST, "/v1/plans", sharedPlan(3), 201)
                .getString("id");
        String owner = first(server.order(plan, 1, 201));
        String late = first(server.order(plan, 1, 201));
        String path = "/v1/subscriptions/" + late + "/join";
        JsonObject join = new JsonObject().put("sharedWith", owner);
        assertThat(server.reseller(HttpMethod.POST, path, join, 409).getString("code"))
                .isEqualTo("volume_left");
        JsonObject elsewhere = new JsonObject().put("sharedWith", first(server.order(other, 1, 201)));
        assertThat(server.reseller(HttpMethod.POST, path, elsewhere, 422).getString("code"))
                .isEqualTo("plan_mismatch");
        JsonObject nobody = new JsonObject().put("sharedWith", "sub_0000000000001");
        assertThat(server.reseller(HttpMethod.POST, path, nobody, 422).getString("code"))
                .isEqualTo("unknown_shared");
        server.execute("""
                UPDATE account_hot SET taken = '{3000000000}', used_bytes = 3000000000, version = version + 1
                WHERE account_id IN (SELECT id FROM account WHERE subscription_id = %d)
                """.formatted(PublicId.SUBSCRIPTION.parse(late).orElseThrow()));
        JsonObject joined = server.reseller(HttpMethod.POST, path, join, 200);
        assertThat(joined.getLong("remainingBytes")).isEqualTo(3_000_000_000L);
        assertThat(joined.getJsonObject("shared").getString("role")).isEqualTo("member");
        assertThat(joined.getJsonObject("shared").getString("ownerId")).isEqualTo(owner);
        assertThat(members(owner, 200).getJsonArray("members").getJsonObject(1).getLong("usedBytes"))
                .isZero();
        assertThat(page(late, "en")).contains("You share a volume", "The others");
        server.reseller(HttpMethod.POST, path, join, 200);
        server.reseller(
                HttpMethod.POST,
                "/v1/subscriptions/" + late + "/leave",
                new JsonObject().put("reason", "moved out"),
                200);
        assertThat(server.reseller(HttpMethod.POST, path, join, 409).getString("code"))
                .isEqualTo("not_allowed");
        assertThat(members(owner, 200).getJsonArray("members")).hasSize(1);
    }

    @Test
    void ordersThatCannotShareAreRefusedAndLeaveNothing() throws Exception {
        String alone = server.reseller(HttpMethod.POST, "/v1/plans", RunningGateway.plan(null), 201)
                .getString("id");
        String shared = server.reseller(HttpMethod.POST, "/v1/plans", sharedPlan(2), 201)
                .getString("id");
        String single = first(server.order(alone, 1, 201));
        List<String> before = server.rows("SELECT count(*) FROM subscription");
        assertThat(join(alone, single, 1, 422).getString("code")).isEqualTo("not_shared");
        assertThat(join(shared, single, 1, 422).getString("code")).isEqualTo("plan_mismatch");
        assertThat(join(shared, "sub_0000000000001", 1, 422).getString("code")).isEqualTo("unknown_shared");
        assertThat(server.rows("SELECT count(*) FROM subscription")).isEqualTo(before);
        JsonObject nonsense = sharedPlan(2);
        nonsense.getJsonObject("sharing")
                .put("memberPrice", new JsonObject().put("amount", "2").put("currency", "USD"));
        assertThat(server.reseller(HttpMethod.POST, "/v1/plans", nonsense, 422).getString("code"))
                .isEqualTo("invalid_plan");
    }

    private static String page(String subscription, String language) throws Exception {
        String link = server.reseller(HttpMethod.GET, "/v1/subscriptions/" + subscription, null, 200)
                .getString("selfCareUrl");
        return server.page(link.substring(link.indexOf("/s/")) + "?lang=" + language);
    }
}
