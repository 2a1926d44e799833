package dev.octroi.api.reseller;

import static dev.octroi.api.reseller.ResellerServer.OTHER_TENANT;
import static dev.octroi.api.reseller.ResellerServer.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.db.PublicId;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What was begun is ended by a job, and the answers are as the contract says. */
class BrokenOffErasureTest {
    private static final JsonObject REASON = new JsonObject().put("reason", "asked for by mail");

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
    void whatBrokeOffIsEndedByTheJobAndWhatIsNewIsLeftToWhoeverBeganIt() throws Exception {
        String brokenOff = cancelled(TENANT);
        String justBegun = cancelled(OTHER_TENANT);
        begun(brokenOff, "1 hour");
        begun(justBegun, "1 minute");
        assertThat(ResellerServer.await(server.erasures.resume())).isEqualTo(1);
        assertThat(erasedAt(TENANT, brokenOff)).isNotNull();
        assertThat(erasedAt(OTHER_TENANT, justBegun)).isNull();
        assertThat(ResellerServer.await(server.erasures.resume()))
                .as("nothing is left")
                .isZero();
        assertThat(TestDatabase.rows(
                        server.config,
                        "SELECT entry::jsonb ->> 'actor' FROM audit WHERE action = 'subscription.erased' AND object_id = '"
                                + brokenOff + "'"))
                .containsExactly("system");
    }

    @Test
    void oneThatCannotBeDoneLeavesTheOthersNotUndone() throws Exception {
        String stuck = cancelled(TENANT);
        String other = cancelled(OTHER_TENANT);
        begun(stuck, "2 hours");
        begun(other, "1 hour");
        TestDatabase.execute(
                server.config, """
                CREATE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$;
                CREATE TRIGGER stuck BEFORE UPDATE ON subscription FOR EACH ROW
                WHEN (new.erased_at IS NOT NULL AND new.id = %d) EXECUTE FUNCTION stuck()""".formatted(PublicId.SUBSCRIPTION.parse(stuck).orElseThrow()));
        try {
            assertThatThrownBy(() -> ResellerServer.await(server.erasures.resume()))
                    .hasStackTraceContaining("not now");
        } finally {
            TestDatabase.execute(server.config, "DROP FUNCTION stuck CASCADE");
        }
        assertThat(erasedAt(OTHER_TENANT, other)).isNotNull();
        assertThat(ResellerServer.await(server.erasures.resume())).isEqualTo(1);
        assertThat(erasedAt(TENANT, stuck)).isNotNull();
    }

    @Test
    void aSaleThatWasTakenBackIsForgottenAtOnceAndGivenOutEmpty() throws Exception {
        String id = cancelled(TENANT);
        String path = "/v1/subscriptions/" + id;
        JsonObject full = server.get(TENANT, path + "/export").bodyAsJsonObject();
        assertThat(full.getJsonObject("sections").fieldNames()).hasSize(18);
        assertThat(full.getJsonObject("sections").getJsonObject("events").getJsonArray("items"))
                .isNotEmpty();
        TestDatabase.execute(
                server.config,
                "INSERT INTO webhook_endpoint (tenant_id, vshard, id, url, secret_sealed)"
                        + " VALUES (1, 1, 1, 'https://hooks.example.com/octroi', '\\x00')");
        HttpResponse<Buffer> erased = server.post(TENANT, path + "/erase", REASON, "forget");
        assertThat(erased.statusCode()).as(erased.bodyAsString()).isEqualTo(200);
        assertThat(server.post(TENANT, path + "/erase", REASON, "forget").bodyAsString())
                .isEqualTo(erased.bodyAsString());
        assertThat(server.post(TENANT, path + "/erase", REASON, "anew").bodyAsString())
                .isEqualTo(erased.bodyAsString());
        assertThat(TestDatabase.rows(
                        server.config,
                        "SELECT e.type FROM outbox o JOIN event e ON e.id = o.version WHERE o.stream = 'webhook' AND o.key = "
                                + PublicId.SUBSCRIPTION.parse(id).orElseThrow()))
                .as("that it was done is still to be told")
                .containsExactly("subscription.erased");
        assertThat(server.send(
                                TENANT,
                                HttpMethod.PUT,
                                path + "/notices",
                                Map.of(),
                                new JsonObject().put("mail", "a@b.example"))
                        .statusCode())
                .as("nothing of the person is kept anew")
                .isEqualTo(409);
        assertThat(server.get(TENANT, path).bodyAsJsonObject().containsKey("selfCareUrl"))
                .isFalse();
        assertThat(server.get(TENANT, path + "/export?section=decisions")
                        .bodyAsJsonObject()
                        .getJsonObject("sections")
                        .getJsonObject("decisions")
                        .getJsonArray("items"))
                .isEmpty();
        assertThat(server.get(TENANT, path + "/balance").statusCode()).isEqualTo(200);
        assertThat(server.get(TENANT, path + "/rules").statusCode()).isEqualTo(200);
        assertThat(server.get(TENANT, path + "/timeline").statusCode()).isEqualTo(200);
        assertThat(server.get(TENANT, path + "/activation").statusCode()).isEqualTo(409);
        assertThat(server.get(TENANT, path + "/export?section=events&after=x").statusCode())
                .isEqualTo(400);
        assertThat(server.get(TENANT, path + "/export?after=x").statusCode()).isEqualTo(400);
    }

    private static String cancelled(int tenant) throws Exception {
        String id = server.created(tenant, "/v1/orders", Bodies.order(server.francePlan(tenant)))
                .getJsonArray("subscriptions")
                .getJsonObject(0)
                .getString("id");
        HttpResponse<Buffer> cancelled = server.post(tenant, "/v1/subscriptions/" + id + "/cancel", REASON);
        assertThat(cancelled.statusCode()).as(cancelled.bodyAsString()).isEqualTo(200);
        TestDatabase.execute(
                server.config,
                "UPDATE outbox SET state = 'delivered', done_at = now() WHERE stream = 'network' AND state = 'pending'");
        return id;
    }

    private static void begun(String id, String ago) throws Exception {
        long number = PublicId.SUBSCRIPTION.parse(id).orElseThrow();
        TestDatabase.execute(
                server.config,
                "UPDATE subscription SET erase_begun_at = now() - interval '" + ago + "' WHERE id = " + number);
    }

    private static String erasedAt(int tenant, String id) throws Exception {
        return server.get(tenant, "/v1/subscriptions/" + id).bodyAsJsonObject().getString("erasedAt");
    }
}
