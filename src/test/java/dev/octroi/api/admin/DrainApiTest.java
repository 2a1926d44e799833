package dev.octroi.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.Ids;
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
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Known-bad destinations, and rehearsing what drain alarms would do. */
class DrainApiTest {
    private static final String OPERATOR = "0/root/policies:read policies:write";
    private static final String TENANT = "1/ada/policies:read policies:write";
    private static final long MB = 1_000_000;

    private static AdminServer server;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = new AdminServer(folder);
        TestDatabase.execute(server.config, "INSERT INTO tenant (slug, name) VALUES ('one', 'One')");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void eachLoadIsANewVersionWithItsReasonInTheAudit() throws Exception {
        JsonObject first = load("dns:botnet", "APP:Miner");
        assertThat(first.getInteger("count")).isEqualTo(2);
        assertThat(server.call(OPERATOR, HttpMethod.GET, "/block-list", null)
                        .bodyAsJsonObject()
                        .getJsonArray("entries"))
                .containsExactly("app:miner", "dns:botnet");
        JsonObject second = load("dns:other");
        assertThat(second.getLong("version")).isEqualTo(first.getLong("version") + 1);
        HttpResponse<Buffer> now = server.call(OPERATOR, HttpMethod.GET, "/block-list", null);
        assertThat(now.bodyAsJsonObject().getJsonArray("entries")).containsExactly("dns:other");
        assertThat(now.bodyAsJsonObject().getString("loadedBy")).isEqualTo("root");
        assertThat(number("SELECT count(*) FROM audit WHERE action = 'block_list.loaded'"))
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    void aListAsLargeAsTheContractAllowsIsLoadedAndReadBack() throws Exception {
        String[] entries =
                IntStream.range(0, 10_000).mapToObj("%064d"::formatted).toArray(String[]::new);
        assertThat(load(entries).getInteger("count")).isEqualTo(10_000);
        HttpResponse<Buffer> now = server.call(OPERATOR, HttpMethod.GET, "/block-list", null);
        assertThat(now.bodyAsJsonObject().getJsonArray("entries")).isEqualTo(new JsonArray(List.of(entries)));
    }

    @Test
    void listsLoadedAtOnceAreVersionsOneAfterTheOther() {
        List<Long> versions = IntStream.range(0, 4)
                .mapToObj(no -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return load("dns:at-once-" + no).getLong("version");
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                }))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        assertThat(versions).doesNotHaveDuplicates();
    }

    @Test
    void onlyTheOperatorLoadsAndBadEntriesAreRefused() throws Exception {
        JsonObject body =
                new JsonObject().put("entries", new JsonArray().add("dns:x")).put("reason", "weekly");
        assertThat(server.call(TENANT, HttpMethod.POST, "/block-list", body).statusCode())
                .isEqualTo(403);
        for (String entry : new String[] {"", "with space", "x".repeat(65)}) {
            JsonObject bad = body.copy().put("entries", new JsonArray().add(entry));
            assertThat(server.call(OPERATOR, HttpMethod.POST, "/block-list", bad)
                            .statusCode())
                    .as(entry)
                    .isEqualTo(400);
        }
    }

    @Test
    void aRehearsalSaysWhoWouldBeHeldAndChangesNothing() throws Exception {
        drainedSubscription();
        long before = number("SELECT count(*) + sum(version) FROM account_hot");
        JsonObject suspended = rehearse("suspend");
        JsonObject told = rehearse("notify");
        assertThat(suspended.getInteger("subscriptions")).isEqualTo(1);
        assertThat(suspended.getInteger("suspended")).isEqualTo(1);
        assertThat(suspended.getLong("heldBytes")).isPositive();
        assertThat(told.getInteger("suspended")).isZero();
        assertThat(told.getInteger("notified")).isEqualTo(1);
        assertThat(told.getLong("heldBytes")).isZero();
        assertThat(number("SELECT count(*) + sum(version) FROM account_hot")).isEqualTo(before);
    }

    @Test
    void aRehearsalOfAStrangersPlanAndOfContradictoryGradesIsRefused() throws Exception {
        JsonObject body = new JsonObject().put("drainPolicy", "suspend");
        String path =
                "/tenants/" + PublicId.TENANT.format(2) + "/plans/" + PublicId.PLAN.format(1) + "/drain-rehearsal";
        assertThat(server.call(TENANT, HttpMethod.POST, path, body).statusCode())
                .isEqualTo(404);
        JsonObject terms = new JsonObject().put("throttleFromScore", 2.0).put("suspendFromScore", 1.5);
        assertThat(server.call(OPERATOR, HttpMethod.POST, ownPath(), body.put("drainTerms", terms))
                        .statusCode())
                .isEqualTo(422);
    }

    private static JsonObject load(String... entries) throws Exception {
        JsonArray list = new JsonArray();
        for (String entry : entries) {
            list.add(entry);
        }
        HttpResponse<Buffer> response = server.call(
                OPERATOR,
                HttpMethod.POST,
                "/block-list",
                new JsonObject().put("entries", list).put("reason", "weekly"));
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(201);
        return response.bodyAsJsonObject();
    }

    private static String ownPath() {
        return "/tenants/" + PublicId.TENANT.format(1) + "/plans/" + PublicId.PLAN.format(1) + "/drain-rehearsal";
    }

    private static JsonObject rehearse(String policy) throws Exception {
        HttpResponse<Buffer> response =
                server.call(TENANT, HttpMethod.POST, ownPath(), new JsonObject().put("drainPolicy", policy));
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(200);
        return response.bodyAsJsonObject();
    }

    /** Two ordinary weeks, then an upload through the night. */
    private static void drainedSubscription() throws Exception {
        long subscription = server.subscription(1);
        long account = number("SELECT id FROM account WHERE subscription_id = " + subscription);
        AccountKey key = new AccountKey(1, account);
        assertThat(key.vshard()).isEqualTo(Ids.shardOf(subscription));
        Random random = new Random(5);
        Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
        int serial = 0;
        for (int day = 15; day > 1; day--) {
            for (int hour = 8; hour < 23; hour++) {
                Instant at = today.minus(Duration.ofDays(day))
                        .plus(Duration.ofHours(hour - 1))
                        .plusSeconds(random.nextInt(3_000));
                use(key, serial++, at, random.nextLong(MB / 10), MB + random.nextLong(10 * MB), Category.WEB);
            }
        }
        Instant night = today.minus(Duration.ofDays(1)).plus(Duration.ofMinutes(30));
        for (int i = 0; i < 60; i++) {
            use(key, serial++, night.plusSeconds(300L * i), 90 * MB, 2 * MB, Category.OTHER);
        }
    }

    private static void use(AccountKey key, int serial, Instant at, long up, long down, Category category)
            throws Exception {
        UsageRecord record = AccountFixture.traffic("r" + serial, at, up, down, category);
        AdminServer.await(server.accounts.submit(key, new AccountCommand.CountUsage(record, Actor.network("net-a"))));
    }

    private static long number(String sql) throws Exception {
        try (Connection connection = TestDatabase.connect(server.config);
                ResultSet rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
