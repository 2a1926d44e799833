package dev.octroi.charging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.quota.account.ChargeAnswer;
import dev.octroi.quota.account.Charged;
import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.VolumeGrant;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The bytes of answers, which stay the same from one release to the next: a message may come again after an upgrade. */
class ChargingAnswersTest {
    private static final Instant AT = Instant.parse("2026-11-29T08:00:00.123456Z");
    private static final String HEAD = """
            {"invocationTimeStamp":"2026-11-29T08:00:00.123456Z","invocationSequenceNumber":7,"sessionFailover":\
            "FAILOVER_SUPPORTED","triggers":[{"triggerCategory":"IMMEDIATE_REPORT","triggerType":"PLMN_CHANGE"},\
            {"triggerCategory":"IMMEDIATE_REPORT","triggerType":"RAT_CHANGE"}]""";
    private static final String TRIGGERS = """
            "triggers":[{"triggerCategory":"IMMEDIATE_REPORT","triggerType":"QUOTA_THRESHOLD"},\
            {"triggerCategory":"IMMEDIATE_REPORT","triggerType":"QUOTA_EXHAUSTED"},\
            {"triggerCategory":"IMMEDIATE_REPORT","triggerType":"VALIDITY_TIME"}]""";

    private final ChargingAnswers answers = new ChargingAnswers(Optional.empty());

    @Test
    void anAnswerWithoutGrantsHasNoRatingGroups() {
        assertThat(render(answers, ChargingProfile.STRICT, "upf")).isEqualTo(HEAD + "}");
    }

    @Test
    void movesWithinANetworkAreToldWhereAZoneIsSmaller() {
        ChargeAnswer answer = new ChargeAnswer("u:7", AT, List.of());
        assertThat(answers.render(message("upf"), new Charged(1, answer, true), ChargingProfile.STRICT))
                .isEqualTo(HEAD.substring(0, HEAD.length() - 1)
                        + ",{\"triggerCategory\":\"IMMEDIATE_REPORT\",\"triggerType\":\"USER_LOCATION_CHANGE\"}]}");
    }

    @Test
    void grantsRefusalsAndTheLastGrantAreToldAsBefore() {
        assertThat(render(
                        answers,
                        ChargingProfile.STRICT,
                        "upf",
                        new VolumeGrant(10, VolumeGrant.Result.SUCCESS, 5_000, 1_000, 900, false),
                        new VolumeGrant(11, VolumeGrant.Result.QUOTA_LIMIT_REACHED, 0, 0, 0, false),
                        new VolumeGrant(12, VolumeGrant.Result.SUCCESS, 5_000, 0, 60, true)))
                .isEqualTo(HEAD + ",\"multipleUnitInformation\":[{\"ratingGroup\":10,\"resultCode\":\"SUCCESS\","
                        + "\"grantedUnit\":{\"totalVolume\":5000}," + TRIGGERS
                        + ",\"validityTime\":900,\"volumeQuotaThreshold\":1000,\"uPFID\":\"upf\"},"
                        + "{\"ratingGroup\":11,\"resultCode\":\"QUOTA_LIMIT_REACHED\"},"
                        + "{\"ratingGroup\":12,\"resultCode\":\"SUCCESS\",\"grantedUnit\":{\"totalVolume\":5000},"
                        + TRIGGERS
                        + ",\"validityTime\":60,\"finalUnitIndication\":{\"finalUnitAction\":\"TERMINATE\"}}]}");
    }

    @Test
    void aConsumerThatForgetsItsTriggersIsToldThatItsQuotaIsExhausted() {
        for (VolumeGrant.Result result :
                List.of(VolumeGrant.Result.QUOTA_LIMIT_REACHED, VolumeGrant.Result.END_USER_SERVICE_DENIED)) {
            assertThat(render(answers, ChargingProfile.FREE5GC, "upf", VolumeGrant.none(10, result)))
                    .isEqualTo(HEAD + ",\"multipleUnitInformation\":[{\"ratingGroup\":10,\"resultCode\":\"" + result
                            + "\",\"triggers\":[{\"triggerCategory\":\"IMMEDIATE_REPORT\","
                            + "\"triggerType\":\"QUOTA_EXHAUSTED\"}],\"uPFID\":\"upf\"}]}");
        }
    }

    @Test
    void theLongestAnswerLeavesAnHttp2ConnectionWritable() {
        List<ChargingMessage.UnitUsage> usages = new ArrayList<>();
        List<VolumeGrant> grants = new ArrayList<>();
        long first = 4_294_000_000L;
        for (int i = 0; i < ChargingReader.MAX_USAGES; i++) {
            usages.add(new ChargingMessage.UnitUsage(
                    first + i, true, Optional.of("3fa85f64-5717-4562-b3fc-2c963f66af1a"), List.of(), 0));
        }
        for (int i = 0; i < GrantHolder.MOST; i++) {
            grants.add(new VolumeGrant(
                    first + i, VolumeGrant.Result.SUCCESS, 50_000_000_000L, 10_000_000_000L, 86_400, false));
        }
        Charged charged = new Charged(1, new ChargeAnswer("u:7", AT, grants), true);
        for (ChargingProfile profile : ChargingProfile.values()) {
            String body = answers.render(message(usages), charged, profile);
            assertThat(new JsonObject(body).getJsonArray("multipleUnitInformation"))
                    .hasSize(ChargingReader.MAX_USAGES);
            assertThat(body.length()).as(profile.word()).isLessThan(64 * 1024);
        }
    }

    @Test
    void whatIsEchoedCannotLeaveItsPlace() {
        String echoed = "a\"},{\"ratingGroup\":10\\\u0001é";
        JsonObject body = new JsonObject(render(
                new ChargingAnswers(Optional.of(URI.create("https://shop.example/top-up?a=%22"))),
                ChargingProfile.FREE5GC,
                echoed,
                new VolumeGrant(10, VolumeGrant.Result.SUCCESS, 5_000, 1_000, 900, true)));
        JsonObject group = body.getJsonArray("multipleUnitInformation").getJsonObject(0);
        assertThat(body.getJsonArray("multipleUnitInformation")).hasSize(1);
        assertThat(group.getString("uPFID")).isEqualTo(echoed);
        assertThat(group.getLong("volumeQuotaThreshold")).isEqualTo(4_000);
        assertThat(group.getJsonObject("finalUnitIndication").getJsonObject("redirectServer"))
                .isEqualTo(new JsonObject()
                        .put("redirectAddressType", "URL")
                        .put("redirectServerAddress", "https://shop.example/top-up?a=%22"));
    }

    /** An answer to a message whose first rating group names a UPF. */
    private static String render(
            ChargingAnswers answers, ChargingProfile profile, String upfId, VolumeGrant... grants) {
        return answers.render(
                message(upfId), new Charged(1, new ChargeAnswer("u:7", AT, List.of(grants)), false), profile);
    }

    private static ChargingMessage message(String upfId) {
        return message(List.of(new ChargingMessage.UnitUsage(10, true, Optional.of(upfId), List.of(), 0)));
    }

    private static ChargingMessage message(List<ChargingMessage.UnitUsage> usages) {
        return new ChargingMessage(
                "smf",
                Optional.empty(),
                AT,
                7,
                false,
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                usages);
    }
}
