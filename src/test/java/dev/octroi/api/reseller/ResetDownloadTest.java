package dev.octroi.api.reseller;

import static dev.octroi.api.reseller.ResellerServer.OTHER_TENANT;
import static dev.octroi.api.reseller.ResellerServer.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.PublicId;
import dev.octroi.rsp.order.ProfileRow;
import dev.octroi.rsp.order.ProfileState;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A reseller brings a profile back, over HTTP; and reads in the timeline why it had to. */
class ResetDownloadTest {
    private static ResellerServer server;

    private String subscription;
    private long profile;

    @BeforeAll
    static void start() throws Exception {
        server = new ResellerServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void order() throws Exception {
        subscription = server.subscription(TENANT);
        JsonObject read =
                server.get(TENANT, "/v1/subscriptions/" + subscription).bodyAsJsonObject();
        profile = PublicId.PROFILE
                .parse(read.getJsonObject("profile").getString("id"))
                .orElseThrow();
        server.profileRows.insert(TENANT, profile);
    }

    private static JsonObject reason() {
        return new JsonObject().put("reason", "The phone was wiped");
    }

    private HttpResponse<Buffer> reset(JsonObject body) throws Exception {
        return server.post(TENANT, path(), body);
    }

    private String path() {
        return "/v1/subscriptions/" + subscription + "/reset-download";
    }

    private void set(String assignment) {
        TestDatabase.execute(server.config, "UPDATE profile SET " + assignment + " WHERE id = " + profile);
    }

    private ProfileRow row() throws Exception {
        return server.profileRows.find(TENANT, profile);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state = 'downloaded', downloads = 3",
                "state = 'error', error_cause = 'install_failed', failed_installs = 6",
                "state = 'error', error_cause = 'cancelled'",
                "state = 'error', error_cause = 'download_limit', downloads = 10",
                "state = 'error', error_cause = 'confirmation_limit', confirmations = 5",
                "state = 'unavailable', card_state = 'deleted'",
                "state = 'released'",
            })
    void aProfileThatNobodyHasIsReleasedWithCountersAtZero(String assignment) throws Exception {
        set(assignment);
        int told = server.profileRows.committed();
        HttpResponse<Buffer> response = reset(reason());
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(200);
        assertThat(response.bodyAsJsonObject())
                .isEqualTo(new JsonObject()
                        .put("subscriptionId", subscription)
                        .put("state", "released")
                        .put("codeChanged", false)
                        .put("deviceBound", false)
                        .put("confirmationCodeRequired", false)
                        .put("activationUrl", "/v1/subscriptions/" + subscription + "/activation"));
        assertThat(row().status().state()).isEqualTo(ProfileState.RELEASED);
        assertThat(row().status().downloads()).isZero();
        assertThat(row().status().life().failedInstalls()).isZero();
        assertThat(server.profileRows.code(TENANT, profile)).startsWith("FIRST-");
        assertThat(server.profileRows.committed()).as("told after the commit").isEqualTo(told + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "state = 'installed', 409, on_a_card",
        "'state = ''installed'', card_state = ''enabled''', 409, on_a_card",
        "state = 'unavailable', 409, unavailable",
        "state = 'confirmed', 409, not_released",
        "'state = ''error'', error_cause = ''expired'', expires_at = now() - interval ''1 day''', 422, expiry_needed",
        "'state = ''error'', error_cause = ''cancelled'', driver = ''es2''', 409, elsewhere",
    })
    void aRefusalHasItsCodeAndASentenceAndChangesNothing(String assignment, int status, String code) throws Exception {
        set(assignment);
        ProfileRow before = row();
        HttpResponse<Buffer> response = reset(reason());
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.bodyAsJsonObject().getString("code")).isEqualTo(code);
        assertThat(response.bodyAsJsonObject().getString("detail")).hasSizeGreaterThan(20);
        assertThat(row().status()).isEqualTo(before.status());
        assertThat(row().version()).isEqualTo(before.version());
    }

    @Test
    void theChoicesAreTaken() throws Exception {
        set("state = 'error', error_cause = 'expired', expires_at = now() - interval '1 day'");
        Instant end = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 86_400);
        JsonObject answer = reset(reason().put("code", "new")
                        .put("device", "free")
                        .put("expiresAt", end.toString())
                        .put("confirmationCode", "4711"))
                .bodyAsJsonObject();
        assertThat(answer.getBoolean("codeChanged")).isTrue();
        assertThat(answer.getBoolean("confirmationCodeRequired")).isTrue();
        assertThat(Instant.parse(answer.getString("expiresAt"))).isEqualTo(end);
        assertThat(row().limits().expiresAt()).isEqualTo(end);
        assertThat(server.profileRows.code(TENANT, profile)).startsWith("FRESH-");

        JsonObject again =
                reset(reason().putNull("expiresAt").putNull("confirmationCode")).bodyAsJsonObject();
        assertThat(again.containsKey("expiresAt")).isFalse();
        assertThat(again.getBoolean("confirmationCodeRequired")).isFalse();
        assertThat(row().limits().expiresAt()).isNull();
    }

    @Test
    void aResetSentTwiceHappensOnce() throws Exception {
        set("state = 'error', error_cause = 'cancelled'");
        JsonObject body = reason().put("code", "new");
        HttpResponse<Buffer> first = server.post(TENANT, path(), body, "one-key-0123456789");
        String code = server.profileRows.code(TENANT, profile);
        HttpResponse<Buffer> second = server.post(TENANT, path(), body, "one-key-0123456789");
        assertThat(second.bodyAsJsonObject()).isEqualTo(first.bodyAsJsonObject());
        assertThat(second.getHeader("Idempotency-Replayed")).isEqualTo("true");
        assertThat(server.profileRows.code(TENANT, profile)).isEqualTo(code);
        assertThat(row().status().life().no()).isEqualTo(2);
    }

    @Test
    void bodiesThatSayNothingOrNonsenseAreRefused() throws Exception {
        for (JsonObject body : new JsonObject[] {
            new JsonObject(),
            new JsonObject().put("reason", "   "),
            reason().put("code", "maybe"),
            reason().put("expiresAt", "tomorrow"),
            reason().put("confirmationCode", "12"),
            reason().put("matchingId", "MINE")
        }) {
            assertThat(reset(body).statusCode()).as(body.encode()).isEqualTo(400);
        }
        for (String noMoment :
                new String[] {"2126-12-31T10:00:00", "2126-12-31 10:00:00Z", "2126-12-31T10:00:00.1234567891Z"}) {
            HttpResponse<Buffer> unread = reset(reason().put("expiresAt", noMoment));
            assertThat(unread.statusCode()).as(noMoment + unread.bodyAsString()).isIn(400, 422);
        }
        JsonObject past = reason().put("expiresAt", "2020-01-01T00:00:00Z");
        assertThat(reset(past).statusCode()).isEqualTo(422);
        assertThat(row().status().life().no()).isEqualTo(1);
    }

    @Test
    void anotherTenantsSubscriptionIsNotThere() throws Exception {
        assertThat(server.post(OTHER_TENANT, path(), reason()).statusCode()).isEqualTo(404);
        assertThat(row().status().life().no()).isEqualTo(1);
    }

    @Test
    void theReasonIsKeptInTheAuditWithoutNumbersThatPeoplePaste() throws Exception {
        set("state = 'error', error_cause = 'cancelled'");
        reset(new JsonObject().put("reason", "Card 89882470000000000171 was lost"));
        assertThat(lastAudit())
                .contains("profile.reset")
                .contains("Card [redacted] was lost")
                .contains("\"code\":\"keep\"");
    }

    @Test
    void theTimelineTellsStepsInTheLanguageAskedFor() throws Exception {
        long id = PublicId.SUBSCRIPTION.parse(subscription).orElseThrow();
        server.event(
                TENANT,
                id,
                "profile.download_progress",
                new JsonObject()
                        .put("step", "installed")
                        .put("ok", false)
                        .put("subjectCode", "8.1")
                        .put("reasonCode", "4.8")
                        .put("detail", "install.10")
                        .put("state", "released")
                        .put("attempts", 1)
                        .put("device", new JsonObject().put("tac", "35290611").put("freeMemoryBytes", 1024)));
        JsonObject english = step("?lang=en", Map.of());
        assertThat(english.getString("summary")).startsWith("Not installed: The eSIM chip has no room");
        JsonObject result = english.getJsonObject("result");
        assertThat(result.getBoolean("ok")).isFalse();
        assertThat(result.getString("code")).isEqualTo("8.1/4.8");
        assertThat(result.getString("actor")).isEqualTo("traveller");
        assertThat(result.getString("travellerSentence")).contains("Delete one");
        assertThat(english.getJsonObject("details").getJsonObject("device").getString("tac"))
                .isEqualTo("35290611");
        assertThat(step("?lang=fr", Map.of("Accept-Language", "zh")).getString("summary"))
                .startsWith("Non installé\u00a0: La puce eSIM");
        assertThat(step("", Map.of("Accept-Language", "zh-CN, en;q=0.5")).getString("summary"))
                .startsWith("未能安装：eSIM 芯片没有空间");
        assertThat(step("", Map.of("Accept-Language", ";;;")).getString("summary"))
                .isEqualTo(english.getString("summary"));
        assertThat(server.get(TENANT, "/v1/subscriptions/" + subscription + "/timeline?lang=de")
                        .statusCode())
                .isEqualTo(400);
    }

    private String lastAudit() throws SQLException {
        try (Connection connection = TestDatabase.connect(server.config);
                PreparedStatement select = connection.prepareStatement(
                        "SELECT entry FROM audit WHERE object_id = ? ORDER BY seq DESC LIMIT 1")) {
            select.setString(1, subscription);
            ResultSet rows = select.executeQuery();
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private JsonObject step(String query, Map<String, String> headers) throws Exception {
        JsonArray items = server.get(TENANT, "/v1/subscriptions/" + subscription + "/timeline" + query, headers)
                .bodyAsJsonObject()
                .getJsonArray("items");
        return items.stream()
                .map(JsonObject.class::cast)
                .filter(item -> item.getString("kind").equals("download"))
                .findFirst()
                .orElseThrow();
    }
}
