package dev.octroi.api.reseller;

import static dev.octroi.api.reseller.ResellerServer.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.drain.Category;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.UsageRecord;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A sale of which data was used is not taken back, wherever, whenever and of whose volume it was used. */
class CancelUsedTest {
    private static ResellerServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new ResellerServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void whatWasUsedInAWindowThatIsOverIsUsed() throws Exception {
        String path = sold(Bodies.plan().put("renewal", new JsonObject().put("every", "day")));
        use(path, "yesterday", "FR");
        server.ahead.updateAndGet(before -> before.plus(Duration.ofDays(1)));
        server.submit(path, new AccountCommand.Tick(Actor.system("test")));
        assertThat(server.get(TENANT, path + "/balance").bodyAsJsonObject().getLong("usedBytes"))
                .as("of the window at hand")
                .isZero();
        assertRefused(path);
    }

    @Test
    void whatWasUsedInAnotherZoneIsUsed() throws Exception {
        JsonObject swiss = new JsonObject().put("country", "CH").put("includedBytes", 500_000_000);
        JsonObject plan = Bodies.plan()
                .put("countries", new JsonArray().add("FR").add("CH"))
                .put("zoneTariffs", new JsonArray().add(swiss));
        String path = sold(plan);
        use(path, "abroad", "CH");
        count(path, "at home", "FR", now(), 0);
        assertThat(server.get(TENANT, path + "/balance").bodyAsJsonObject().getLong("usedBytes"))
                .as("of what is spent in France")
                .isZero();
        assertRefused(path);
    }

    @Test
    void whatAMemberUsedOfASharedVolumeIsUsed() throws Exception {
        JsonObject plan = server.created(
                TENANT, "/v1/plans", Bodies.plan().put("sharing", new JsonObject().put("maxMembers", 3)));
        JsonObject order = Bodies.order(plan.getString("id"));
        String owner = first(order);
        String member = first(
                order.copy().put("quantity", 1).put("sharedWith", owner.substring("/v1/subscriptions/".length())));
        use(member, "by the member", "FR");
        assertRefused(member);
        HttpResponse<Buffer> left =
                server.post(TENANT, member + "/leave", new JsonObject().put("reason", "home again"));
        assertThat(left.statusCode()).as(left.bodyAsString()).isEqualTo(200);
        assertRefused(member);
        assertRefused(owner);
    }

    private static void assertRefused(String path) throws Exception {
        HttpResponse<Buffer> answer =
                server.post(TENANT, path + "/cancel", new JsonObject().put("reason", "money back"));
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(409);
        assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("volume_used");
    }

    private static String sold(JsonObject plan) throws Exception {
        return first(Bodies.order(server.created(TENANT, "/v1/plans", plan).getString("id")));
    }

    private static String first(JsonObject order) throws Exception {
        return "/v1/subscriptions/"
                + server.created(TENANT, "/v1/orders", order)
                        .getJsonArray("subscriptions")
                        .getJsonObject(0)
                        .getString("id");
    }

    /** Begins the plan and uses some of it, an hour ago. */
    private static void use(String path, String key, String country) throws Exception {
        Instant at = now().minus(Duration.ofHours(1));
        server.submit(
                path,
                new AccountCommand.StartPeriod(AccountCommand.StartPeriod.Cause.INSTALL, at, Actor.system("test")));
        count(path, key, country, at, 1_000_000);
    }

    private static void count(String path, String key, String country, Instant at, long bytes) throws Exception {
        UsageRecord record = new UsageRecord(
                "net-a",
                key,
                UsageRecord.Meaning.DELTA,
                null,
                64,
                at,
                at,
                at,
                0,
                bytes,
                country.equals("CH") ? "228-01" : "208-01",
                country,
                null,
                "NR",
                Category.WEB);
        server.submit(path, new AccountCommand.CountUsage(record, Actor.system("test")));
    }

    private static Instant now() {
        return Instant.now().plus(server.ahead.get());
    }
}
