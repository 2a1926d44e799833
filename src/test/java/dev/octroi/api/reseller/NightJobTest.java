package dev.octroi.api.reseller;

import static dev.octroi.api.reseller.ResellerServer.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a reseller's programs do over days and at midnight. */
class NightJobTest {
    private ResellerServer server;

    @BeforeEach
    void start() throws Exception {
        server = new ResellerServer();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void theLedgerIsReadOnOverMidnight() throws Exception {
        String path = "/v1/subscriptions/" + server.subscription(TENANT);
        use(path, "one");
        use(path, "two");
        Instant midnight = Instant.now().plus(Duration.ofDays(2)).truncatedTo(ChronoUnit.DAYS);
        server.ahead.set(Duration.between(Instant.now(), midnight).minusMinutes(30));
        JsonObject first = server.get(TENANT, path + "/ledger?limit=1").bodyAsJsonObject();
        server.ahead.updateAndGet(ahead -> ahead.plusHours(1));
        HttpResponse<Buffer> second = server.get(TENANT, path + "/ledger?limit=1&after=" + first.getString("next"));
        assertThat(second.statusCode()).as(second.bodyAsString()).isEqualTo(200);
        assertThat(second.bodyAsJsonObject().getJsonArray("items"))
                .hasSize(1)
                .isNotEqualTo(first.getJsonArray("items"));
        assertThat(server.get(TENANT, path + "/ledger?limit=1&charged=true&after=" + first.getString("next"))
                        .statusCode())
                .as("with another filter")
                .isEqualTo(400);
    }

    @Test
    void aKeyThatIsUsedAgainAfterItsTimeIsANewWish() throws Exception {
        String plan = server.francePlan(TENANT);
        JsonArray sold = server.created(TENANT, "/v1/orders", Bodies.order(plan).put("quantity", 2))
                .getJsonArray("subscriptions");
        assertThat(topUp("/v1/subscriptions/" + sold.getJsonObject(0).getString("id"), "topup-17"))
                .isEqualTo(201);
        server.ahead.set(Duration.ofHours(49));
        TestDatabase.execute(server.config, "DELETE FROM idempotency_key");
        assertThat(topUp("/v1/subscriptions/" + sold.getJsonObject(1).getString("id"), "topup-17"))
                .isEqualTo(201);
        assertThat(TestDatabase.rows(server.config, "SELECT count(DISTINCT subscription_id)::text FROM top_up"))
                .containsExactly("2");
    }

    private void use(String path, String key) throws Exception {
        UsageRecord record = AccountFixture.record(key, 1_000, Instant.now().minusSeconds(60));
        server.submit(path, new AccountCommand.CountUsage(record, Actor.system("test")));
    }

    private int topUp(String path, String key) throws Exception {
        return server.post(TENANT, path + "/top-ups", new JsonObject().put("bytes", 1_000_000_000L), key)
                .statusCode();
    }
}
