package dev.octroi.callback;

import static dev.octroi.callback.CallbackFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.octroi.callback.message.NotificationPoints;
import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.callback.outbox.Stream;
import dev.octroi.db.Ids;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators hear of the progress of profiles, and under which number; a real operator over mutual TLS. */
class Es2ProgressTest {
    @TempDir
    static Path folder;

    private CallbackFixture fixture;
    private Receiver operator;
    private Callbacks gateway;
    private long profile;
    private int version;

    @BeforeEach
    void open() throws Exception {
        fixture = new CallbackFixture(folder);
        operator = fixture.network();
        gateway = fixture.gateway(fixture.vertx, null, operator.url().resolve("/"));
        profile = fixture.ids.next();
    }

    @AfterEach
    void close() throws Exception {
        await(gateway.stop());
        fixture.close();
    }

    @Test
    void standardPointsAreToldAndEnablingIsNot() {
        step("authenticated", true);
        step("downloaded", true);
        step("installed", true);
        step("enabled", true);
        step("disabled", true);
        step("deleted", true);
        gateway.start();
        eventually(0);
        assertThat(points()).containsExactly(1, 3, 4);
        assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'superseded'"))
                .isEqualTo(3);
    }

    @Test
    void eachOperatorHearsOfThePointsThatItWants() {
        partner("{\"installed\": 4, \"deleted\": 5, \"enabled\": 101, \"disabled\": 102}");
        step("authenticated", true);
        step("installed", true);
        step("enabled", true);
        step("disabled", true);
        step("deleted", true);
        gateway.start();
        eventually(0);
        assertThat(points()).containsExactly(4, 101, 102, 5);
    }

    @Test
    void operatorThatWantsNothingHearsNothing() {
        partner("{}");
        step("installed", true);
        gateway.start();
        eventually(0);
        assertThat(operator.got()).isEmpty();
    }

    @Test
    void reportOfTheCardGoesAlongAsItWasSent() {
        byte[] raw = {(byte) 0xBF, 0x37, 0x03, 1, 2, 3};
        fixture.notifications.put(7L, raw);
        append("installed", payload("installed", true).put("notificationSequence", 7));
        gateway.start();
        eventually(0);
        JsonObject body = operator.got().getFirst().body();
        assertThat(Base64.getDecoder().decode(body.getString("resultData"))).isEqualTo(raw);
        assertThat(body.getString("eid")).hasSize(32);
        assertThat(body.getString("profileType")).isEqualTo("octroi-travel");
        assertThat(body.getString("timestamp")).isEqualTo("2026-11-23T10:00:00Z");
    }

    @Test
    void cardIsTheOneThatTheStepIsAboutAndNotTheProfilesPresentOne() {
        String eid = "89049032004008882600012345678906";
        append("installed", payload("installed", false).put("card", sealed(profile, eid)));
        append("installed", payload("installed", false).put("card", sealed(profile + 1, eid)));
        gateway.start();
        eventually(0);
        assertThat(operator.got().getFirst().body().getString("eid")).isEqualTo(eid);
        assertThat(operator.got().getLast().body().containsKey("eid"))
                .as("one that cannot be opened")
                .isFalse();
    }

    private String sealed(long id, String eid) {
        return Base64.getEncoder()
                .encodeToString(fixture.sealer.sealText(OutboxRow.cardPlace(CallbackFixture.TENANT, id), eid));
    }

    @Test
    void failureHasItsStatusCodes() {
        step("authenticated", false);
        gateway.start();
        eventually(0);
        JsonObject status = operator.got().getFirst().body().getJsonObject("notificationPointStatus");
        assertThat(status.getString("status")).isEqualTo("Failed");
        assertThat(status.getJsonObject("statusCodeData"))
                .isEqualTo(new JsonObject()
                        .put("subjectCode", "8.8.5")
                        .put("reasonCode", "6.4")
                        .put("message", "Too often."));
    }

    @Test
    void stepsComeInOrderAlsoWhenTheOperatorRefusesForAWhile() {
        operator.answers((request, got) -> request.response()
                .setStatusCode(operator.got().size() <= 2 ? 403 : 204)
                .end());
        step("authenticated", true);
        step("downloaded", true);
        gateway.start();
        eventually(0);
        assertThat(points()).containsExactly(1, 1, 1, 3);
        List<String> calls = operator.got().stream()
                .map(got -> got.body().getJsonObject("header").getString("functionCallIdentifier"))
                .distinct()
                .toList();
        assertThat(calls).as("a repeated call keeps its identifier").hasSize(2);
    }

    @Test
    void pointsAreCheckedWhenTheyAreSet() {
        assertThatThrownBy(() -> new NotificationPoints(Map.of("invented", 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new NotificationPoints(Map.of("installed", 0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(NotificationPoints.LIFECYCLE.numbers()).containsAllEntriesOf(NotificationPoints.STANDARD.numbers());
    }

    private void partner(String points) {
        TestDatabase.execute(
                fixture.config,
                "INSERT INTO partner (tenant_id, id, kind, name, key_sha256, operations, notification_points, created_at)"
                        + " VALUES (0, 5, 'sm-dp', 'operator', sha256('k'), '{es2:order}', '" + points + "', now())");
    }

    private void step(String step, boolean ok) {
        append(step, payload(step, ok));
    }

    private static JsonObject payload(String step, boolean ok) {
        JsonObject payload = new JsonObject()
                .put("profileType", "octroi-travel")
                .put("timestamp", "2026-11-23T10:00:00.123Z")
                .put("step", step)
                .put("status", ok ? "Executed-Success" : "Failed");
        return ok
                ? payload
                : payload.put("subjectCode", "8.8.5").put("reasonCode", "6.4").put("message", "Too often.");
    }

    private void append(String step, JsonObject payload) {
        fixture.append(new OutboxRow(
                CallbackFixture.TENANT,
                fixture.ids.next(Ids.shardOf(profile)),
                Stream.ES2,
                0,
                profile,
                ++version,
                payload,
                CallbackFixture.CLOCK.instant()));
    }

    private List<Integer> points() {
        return operator.got().stream()
                .map(got -> got.body().getInteger("notificationPointId"))
                .toList();
    }

    private void eventually(int pending) {
        await().atMost(60, TimeUnit.SECONDS)
                .untilAsserted(
                        () -> assertThat(fixture.count("SELECT count(*)::int FROM outbox WHERE state = 'pending'"))
                                .isEqualTo(pending));
    }
}
