package dev.octroi.api.reseller;

import static dev.octroi.api.reseller.ResellerServer.OTHER_TENANT;
import static dev.octroi.api.reseller.ResellerServer.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.drain.ByteRange;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainKind;
import dev.octroi.drain.Verdict;
import dev.octroi.support.AlarmReport;
import dev.octroi.support.Alarms;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CaseApiTest {
    private static final Instant AT = Instant.parse("2026-11-23T02:00:00Z");

    private static ResellerServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new ResellerServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static JsonArray items(String path) throws Exception {
        return server.get(TENANT, path).bodyAsJsonObject().getJsonArray("items");
    }

    @Test
    void alarmOpensACaseThatSpeaksTheTravellersLanguage() throws Exception {
        long subscription =
                PublicId.SUBSCRIPTION.parse(server.subscription(TENANT)).orElseThrow();
        Ids ids = new Ids(() -> AT, new java.util.Random(5));
        short shard = Ids.shardOf(subscription);
        Verdict.Alarm alarm = new Verdict.Alarm(
                DrainKind.NIGHT,
                1.5,
                AT.getEpochSecond() - 7_200,
                new ByteRange(0, 2_000_000),
                420_000_000,
                418_000_000,
                Category.CLOUD,
                "FR",
                List.of(),
                0.9,
                1,
                false);
        AlarmReport report = new AlarmReport(TENANT, ids.next(shard), ids.next(shard), subscription, alarm, AT);
        ResellerServer.await(server.database.inWorker(connection -> new Alarms().open(connection, List.of(report))));

        JsonObject listed = server.get(TENANT, "/v1/cases")
                .bodyAsJsonObject()
                .getJsonArray("items")
                .getJsonObject(0);
        assertThat(listed.getString("kind")).isEqualTo("night");
        assertThat(listed.getString("status")).isEqualTo("open");
        assertThat(listed.getString("subscriptionId")).isEqualTo(PublicId.SUBSCRIPTION.format(subscription));
        // Ordered in French and in Paris: one hour ahead of UTC in November.
        assertThat(listed.getString("summary")).contains("420\u00a0Mo").contains("01");
        assertThat(server.get(TENANT, "/v1/cases/" + listed.getString("id")).bodyAsJsonObject())
                .isEqualTo(listed);
        assertThat(server.get(OTHER_TENANT, "/v1/cases/" + listed.getString("id"))
                        .statusCode())
                .isEqualTo(404);
        String mine = "/v1/cases?subscriptionId=" + listed.getString("subscriptionId");
        assertThat(items(mine)).hasSize(1);
        assertThat(items(mine + "&status=open")).hasSize(1);
        assertThat(items(mine + "&status=resolved")).isEmpty();
        assertThat(items("/v1/cases?subscriptionId=" + server.subscription(TENANT)))
                .isEmpty();
        settle(subscription, "resolving", null);
        assertThat(theCase(listed.getString("id")).containsKey("reason")).isFalse();
        settle(subscription, "resolved", AT.atOffset(ZoneOffset.UTC));
        assertThat(theCase(listed.getString("id")))
                .contains(
                        Map.entry("resolution", "explained"),
                        Map.entry("reason", "Your photo backup did this; let it wait for Wi-Fi"));
    }

    private static JsonObject theCase(String id) throws Exception {
        return server.get(TENANT, "/v1/cases/" + id).bodyAsJsonObject();
    }

    private static void settle(long subscription, String state, @Nullable OffsetDateTime at) throws Exception {
        ResellerServer.await(server.database.inWorker(
                connection -> connection.preparedQuery("""
                        UPDATE support_case SET state = $3, resolution = 'explained', resolved_by = 'support:ada',
                            reason = 'Your photo backup did this; let it wait for Wi-Fi', resolved_at = $4
                        WHERE tenant_id = $1 AND subscription_id = $2
                        """).execute(Tuple.of(TENANT, subscription, state, at))));
    }

    @Test
    void resellerOpensACaseForAQuestionAndReadsIt() throws Exception {
        String path = "/v1/subscriptions/" + server.subscription(OTHER_TENANT) + "/cases";
        JsonObject opened =
                server.created(OTHER_TENANT, path, new JsonObject().put("summary", "2 GB that nobody used"));
        assertThat(opened.getString("kind")).isEqualTo("question");
        assertThat(opened.getString("status")).isEqualTo("open");
        assertThat(opened.getString("summary")).isEqualTo("2 GB that nobody used");
        assertThat(server.get(OTHER_TENANT, "/v1/cases/" + opened.getString("id"))
                        .bodyAsJsonObject())
                .isEqualTo(opened);
        assertThat(server.get(OTHER_TENANT, "/v1/events?type=case.opened").bodyAsString())
                .contains(opened.getString("id"));
        JsonObject body = new JsonObject().put("summary", "Mine?");
        assertThat(server.post(TENANT, path, body).statusCode()).isEqualTo(404);
    }
}
