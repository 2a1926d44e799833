package dev.octroi.api.operator;

import static dev.octroi.api.operator.Es2Server.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.access.Es2Terms;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TrustDomain;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.order.ExternalProfiles;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ES2+.HandleDownloadProgressInfo as another SM-DP+ sends it (SGP.22 v2.5 §5.3.5): raw JSON through mutual TLS. */
class Es2ProgressConformanceTest {
    private static final String PATH = "/gsma/rsp2/es2plus/handleDownloadProgressInfo";
    private static final String EID =
            Eid.withCheckDigits("890490320000000000000000000001").digits();
    private static final Set<String> PROGRESS = Set.of(Es2ProgressApi.OPERATION);
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    @TempDir
    static Path folder;

    private static Es2Server server;

    @BeforeAll
    static void start() throws Exception {
        server = new Es2Server(folder);
        server.register("smdp", Es2Server.TENANT, PROGRESS, Es2Terms.NONE);
        server.register("everywhere", 0, PROGRESS, Es2Terms.NONE);
        server.register("abroad", Es2Server.OTHER_TENANT, PROGRESS, Es2Terms.NONE);
        server.register("operator", Es2Server.TENANT, Set.of(Es2Api.OPERATION), Es2Terms.NONE);
        server.register(
                "numbers",
                Es2Server.TENANT,
                PROGRESS,
                new Es2Terms(
                        Optional.empty(),
                        Set.of(),
                        Optional.of(Map.of("installed", 7, "cancelled", 8, "downloaded", 9))));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void reportIsAnsweredWith204AndNothingElse() throws Exception {
        Ordered profile = ordered();
        HttpResponse<Buffer> response = post("smdp", report(profile, 3));
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.body()).isNull();
        assertThat(response.getHeader("X-Admin-Protocol")).matches("gsma/rsp/v2\\.[0-9]+\\.[0-9]+");
        assertThat(profile.state()).isEqualTo("downloaded");
    }

    @ParameterizedTest
    @CsvSource({
        "1, released, authenticated",
        "2, released, confirmation",
        "3, downloaded, downloaded",
        "4, installed, installed",
        "101, installed, enabled",
        "102, installed, disabled",
        "5, unavailable, deleted"
    })
    void eachPointHasItsStateAndItsStep(int point, String state, String step) throws Exception {
        Ordered profile = ordered();
        taken(report(profile, point));
        assertThat(profile.state()).isEqualTo(state);
        assertThat(profile.lastStep()).isEqualTo(step + "/true//");
    }

    @Test
    void partnerOfAllTenantsReportsForEach() throws Exception {
        Ordered profile = ordered();
        assertThat(post("everywhere", report(profile, 4)).statusCode()).isEqualTo(204);
        assertThat(profile.state()).isEqualTo("installed");
    }

    @Test
    void numbersOfThePartnerDecideWhatIsTold() throws Exception {
        Ordered profile = ordered();
        assertThat(post("numbers", failed(report(profile, 8), "8.2.5", "4.3")).statusCode())
                .isEqualTo(204);
        assertThat(profile.lastStep()).startsWith("cancelled/false/8.2.5/4.3");
        double before = counted("unknown_point");
        assertThat(post("numbers", report(profile, 4)).statusCode()).isEqualTo(204);
        assertThat(counted("unknown_point") - before).isEqualTo(1);
        assertThat(profile.state()).isEqualTo("released");
        assertThat(post("numbers", report(profile, 7)).statusCode()).isEqualTo(204);
        assertThat(profile.state()).isEqualTo("installed");
    }

    @Test
    void reportThatIsToldAgainChangesNothing() throws Exception {
        Ordered profile = ordered();
        JsonObject report = report(profile, 4);
        taken(report);
        String steps = profile.steps();
        double before = counted("repeated");
        for (int i = 0; i < 3; i++) {
            assertThat(post("smdp", Es2Server.withHeader(report, "2.999.1")).statusCode())
                    .isEqualTo(204);
        }
        assertThat(counted("repeated") - before).isEqualTo(3);
        assertThat(profile.steps()).isEqualTo(steps);
    }

    @Test
    void whatNobodyTellsAgainIsForgottenAndWhatItSaidStays() throws Exception {
        Ordered old = ordered();
        Ordered recent = ordered();
        JsonObject told = report(recent, 4);
        taken(report(old, 4));
        taken(told);
        TestDatabase.execute(
                server.config,
                "UPDATE es2_progress SET received_at = now() - interval '31 days' WHERE profile_id = " + old.id,
                "UPDATE es2_progress SET received_at = now() - interval '29 days' WHERE profile_id = " + recent.id);
        String steps = old.steps();
        assertThat(await(new ExternalProfiles(server.downloads).purgeTold())).isEqualTo(1);
        assertThat(old.remembered()).isZero();
        assertThat(recent.remembered()).isEqualTo(1);
        assertThat(old.state()).isEqualTo("installed");
        assertThat(old.steps()).isEqualTo(steps);
        double before = counted("repeated");
        assertThat(post("smdp", told).statusCode()).isEqualTo(204);
        assertThat(counted("repeated") - before).isEqualTo(1);
    }

    @Test
    void reportsThatChangeNothingAreNotRememberedOnceTheTimelineIsFull() throws Exception {
        Ordered profile = ordered();
        TestDatabase.execute(server.config, "UPDATE profile SET progress_no = 199 WHERE id = " + profile.id);
        for (int second = 10; second < 20; second++) {
            taken(at(report(profile, 1), "2026-11-02T10:00:" + second + "Z"));
        }
        assertThat(profile.remembered()).isEqualTo(1);
        taken(report(profile, 4));
        assertThat(profile.state()).as("what changes something is taken").isEqualTo("installed");
        assertThat(profile.remembered()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"4, 3, installed", "5, 4, unavailable", "5, 101, unavailable", "101, 4, installed", "4, 1, installed"})
    void lateReportDoesNotTurnAStateBack(int first, int late, String state) throws Exception {
        Ordered profile = ordered();
        taken(at(report(profile, first), "2026-11-02T10:00:05Z"));
        String presence = profile.presence();
        taken(at(report(profile, late), "2026-11-02T10:00:00Z"));
        assertThat(profile.state()).isEqualTo(state);
        assertThat(profile.presence()).isEqualTo(presence);
    }

    @Test
    void lateDisablingWithoutTheCardsNumberDoesNotHideTheEnablingAfterIt() throws Exception {
        Ordered profile = ordered();
        taken(at(report(profile, 101), "2026-11-02T10:00:05Z"));
        taken(at(report(profile, 102), "2026-11-02T10:00:00Z"));
        assertThat(profile.presence()).isEqualTo("enabled");
        taken(at(report(profile, 102), "2026-11-02T10:00:09Z"));
        assertThat(profile.presence()).isEqualTo("disabled");
    }

    @Test
    void numbersOfTheCardDecideWhichReportIsNewer() throws Exception {
        Ordered profile = ordered();
        taken(report(profile, 101).put("resultData", stateChange("0640", 9)));
        taken(report(profile, 102).put("resultData", stateChange("0520", 8)));
        assertThat(profile.presence()).isEqualTo("enabled");
        taken(report(profile, 102).put("resultData", stateChange("0520", 10)));
        assertThat(profile.presence()).isEqualTo("disabled");
    }

    @Test
    void profileThatIsInstalledAgainAfterItsDeletionIsOnTheCardAgain() throws Exception {
        Ordered profile = ordered();
        taken(report(profile, 101).put("resultData", stateChange("0640", 11)));
        taken(report(profile, 5).put("resultData", stateChange("0410", 12)));
        assertThat(profile.state()).isEqualTo("unavailable");
        taken(report(profile, 102).put("resultData", stateChange("0520", 10)));
        assertThat(profile.state()).as("what is late").isEqualTo("unavailable");
        taken(failed(report(profile, 4), "8.1", "4.8"));
        assertThat(profile.state()).as("what fails").isEqualTo("unavailable");
        taken(at(report(profile, 4), "2031-01-02T10:00:00Z"));
        assertThat(profile.state()).isEqualTo("installed");
        assertThat(profile.presence()).isEqualTo("none");
        taken(report(profile, 101).put("resultData", stateChange("0640", 14)));
        assertThat(profile.presence()).isEqualTo("enabled");
        taken(report(profile, 5).put("resultData", stateChange("0410", 13)));
        assertThat(profile.state()).as("a deletion before it").isEqualTo("installed");
    }

    @Test
    void deletionOfAnEarlierInstallationThatIsToldLateEndsNothing() throws Exception {
        Ordered profile = ordered();
        taken(at(report(profile, 4), "2026-11-02T10:00:05Z"));
        taken(at(report(profile, 5), "2026-11-02T10:00:03Z"));
        assertThat(profile.state()).isEqualTo("installed");
        taken(at(report(profile, 5), "2026-11-02T10:00:07Z"));
        assertThat(profile.state()).isEqualTo("unavailable");
        taken(at(report(profile, 4), "2026-11-02T10:00:09Z"));
        taken(at(report(profile, 101), "2026-11-02T10:00:10Z"));
        assertThat(profile.state()).isEqualTo("installed");
        assertThat(profile.presence()).isEqualTo("enabled");
    }

    @Test
    void lateFailureDoesNotUndoAnInstallation() throws Exception {
        Ordered profile = ordered();
        taken(report(profile, 4));
        taken(failed(report(profile, 4), "8.2.10", "4.2"));
        taken(failed(report(profile, 3), "8.8.5", "6.4"));
        assertThat(profile.state()).isEqualTo("installed");
    }

    @Test
    void unknownNumberIsAnsweredLikeAnyAndCounted() throws Exception {
        double before = counted("unknown");
        JsonObject body = report(new Ordered(0, iccid()), 4);
        assertThat(post("smdp", body).statusCode()).isEqualTo(204);
        assertThat(counted("unknown") - before).isEqualTo(1);
    }

    @Test
    void profileThatWasMadeHereIsNotTheirsToReport() throws Exception {
        String iccid = server.stock();
        double before = counted("unknown");
        assertThat(post("smdp", report(new Ordered(0, iccid), 4)).statusCode()).isEqualTo(204);
        assertThat(counted("unknown") - before).isEqualTo(1);
        assertThat(server.state(iccid)).isEqualTo("available");
    }

    @Test
    void partnerThatDoesNotServeTheTenantChangesNothing() throws Exception {
        Ordered profile = ordered();
        String steps = profile.steps();
        double before = counted("unknown");
        assertThat(post("abroad", report(profile, 5)).statusCode())
                .as("nobody learns whose number it is")
                .isEqualTo(204);
        assertThat(counted("unknown") - before).isEqualTo(1);
        assertThat(profile.state()).isEqualTo("released");
        assertThat(profile.steps()).isEqualTo(steps);
    }

    @Test
    void failedStatusIsKeptWithCodeAndSentence() throws Exception {
        Ordered profile = ordered();
        taken(failed(report(profile, 4), "8.2.10", "4.2"));
        assertThat(profile.state()).isEqualTo("error");
        assertThat(profile.lastStep()).isEqualTo("installed/false/8.2.10/4.2");
        assertThat(profile.lastMessage()).isEqualTo("The card refused the package.");
    }

    @Test
    void sentenceKeepsNoNumberOfACardAndNothingThatTheDatabaseRefuses() throws Exception {
        Ordered profile = ordered();
        JsonObject body = failed(report(profile, 4), "8.2.10", "4.2");
        body.getJsonObject("notificationPointStatus")
                .getJsonObject("statusCodeData")
                .put("message", "card " + EID + "\u0000 said\nno " + "x".repeat(1_000));
        taken(body);
        assertThat(profile.lastMessage()).startsWith("card …  said no xxx").hasSize(200);
    }

    @Test
    void failureWithoutCodesIsAFailure() throws Exception {
        Ordered profile = ordered();
        JsonObject body = report(profile, 4);
        body.put("notificationPointStatus", new JsonObject().put("status", "Expired"));
        taken(body);
        assertThat(profile.lastStep()).startsWith("installed/false/");
        assertThat(profile.lastMessage()).isNotBlank();
    }

    @Test
    void whatTheCardSignedSaysWhatHappened() throws Exception {
        Ordered profile = ordered();
        // The number of the point is one that nobody knows.
        taken(report(profile, 777).put("resultData", stateChange("0640", 3)));
        assertThat(profile.lastStep()).startsWith("enabled/true");
        assertThat(profile.presence()).isEqualTo("enabled");
    }

    @Test
    void installationThatTheCardCallsFailedIsNoSuccess() throws Exception {
        Ordered profile = ordered();
        taken(report(profile, 4).put("resultData", installFailure(10)));
        assertThat(profile.state()).isEqualTo("error");
        assertThat(profile.lastStep()).isEqualTo("installed/false/8.1/4.8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not base64 at all!", "AAAA", "vzcA", "MIIBAA==", "v0QA", "====", "\u0000"})
    void unreadableResultDataIsLeftOut(String garbage) throws Exception {
        Ordered profile = ordered();
        taken(report(profile, 4).put("resultData", garbage));
        assertThat(profile.state()).isEqualTo("installed");
    }

    @Test
    void resultDataOfAnotherKindIsLeftOut() throws Exception {
        Ordered profile = ordered();
        taken(report(profile, 4).put("resultData", new JsonObject().put("a", 1)));
        taken(report(profile, 101).put("resultData", 7));
        assertThat(profile.presence()).isEqualTo("enabled");
    }

    @Test
    void cardIsKeptOnceItIsKnown() throws Exception {
        Ordered profile = ordered();
        taken(report(profile, 3));
        assertThat(profile.column("eid_idx IS NULL")).isEqualTo("t");
        taken(report(profile, 4).put("eid", EID));
        assertThat(profile.column("eid_idx IS NULL")).isEqualTo("f");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "nonsense", "null", "7", "\"text\"", "[]", "[{}]", "{\"iccid\":", "\u0000\u0000\u0000{"})
    void bodyThatIsNoObjectIs1_6_2_1(String body) throws Exception {
        assertThat(refusal(body)).isEqualTo("1.6/2.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iccid", "timestamp", "notificationPointId", "notificationPointStatus"})
    void missingFieldIs1_6_2_2(String field) throws Exception {
        Ordered profile = ordered();
        JsonObject body = report(profile, 4);
        body.remove(field);
        double before = counted("malformed");
        assertThat(refusal(body.encode())).isEqualTo("1.6/2.2");
        assertThat(refusal(body.putNull(field).encode())).isEqualTo("1.6/2.2");
        assertThat(counted("malformed") - before).isEqualTo(2);
        assertThat(profile.state()).isEqualTo("released");
    }

    @ParameterizedTest
    @CsvSource({
        "iccid, '\"12\"'",
        "iccid, '\"89330000000000000000000\"'",
        "iccid, 8933",
        "eid, '\"8904\"'",
        "timestamp, '\"yesterday\"'",
        "timestamp, '\"-99999-01-01T00:00:00Z\"'",
        "timestamp, 1700000000",
        "notificationPointId, '\"4\"'",
        "notificationPointId, 4.5",
        "notificationPointId, 99999999999",
        "notificationPointStatus, '\"Executed-Success\"'",
        "notificationPointStatus, '{\"status\":1}'"
    })
    void malformedFieldIs1_6_2_1(String field, String value) throws Exception {
        Ordered profile = ordered();
        JsonObject body = report(profile, 4);
        body.mergeIn(new JsonObject("{\"" + field + "\":" + value + "}"), false);
        assertThat(refusal(body.encode())).isEqualTo("1.6/2.1");
        assertThat(profile.state()).isEqualTo("released");
    }

    @Test
    void clockThatIsAheadDoesNotWriteIntoTheFuture() throws Exception {
        Ordered profile = ordered();
        taken(at(report(profile, 4), "+99999-01-01T00:00:00Z"));
        assertThat(server.text(
                        "SELECT max(at) <= now() + interval '1 minute' FROM rsp_progress WHERE profile_id = ?",
                        profile.id))
                .isEqualTo("t");
    }

    @Test
    void otherTypesMethodsAndSizesGetAClearError() throws Exception {
        String body = report(ordered(), 4).encode();
        assertThat(server.send("smdp", HttpMethod.POST, PATH, "text/plain", body)
                        .statusCode())
                .isEqualTo(415);
        assertThat(server.send("smdp", HttpMethod.GET, PATH, "application/json", "")
                        .statusCode())
                .isEqualTo(405);
        assertThat(server.send("smdp", HttpMethod.POST, PATH, "application/json", "x".repeat(70_000))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void partnerWithoutTheOperationIsRefused() throws Exception {
        Ordered profile = ordered();
        assertThat(post("operator", report(profile, 4)).statusCode()).isEqualTo(403);
        assertThat(post("stranger", report(profile, 4)).statusCode()).isEqualTo(403);
        assertThat(profile.state()).isEqualTo("released");
    }

    @Test
    void certificateOfTheNetworkDomainIsRefused() throws Exception {
        Ordered profile = ordered();
        TlsFiles files = server.pki.domain(TrustDomain.NETWORK).client("smdp");
        HttpResponse<Buffer> response = server.send(
                files,
                HttpMethod.POST,
                PATH,
                "application/json",
                report(profile, 4).encode());
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(profile.state()).isEqualTo("released");
    }

    @Test
    void certificateOfAResellerIsRefusedByTls() throws Exception {
        Ordered profile = ordered();
        TlsFiles files = server.pki.domain(TrustDomain.RESELLER).client("smdp");
        String body = report(profile, 4).encode();
        assertThatThrownBy(() -> server.send(files, HttpMethod.POST, PATH, "application/json", body))
                .hasRootCauseInstanceOf(SSLHandshakeException.class);
        assertThat(profile.state()).isEqualTo("released");
    }

    /** A profile that was ordered elsewhere and may be downloaded there. */
    private record Ordered(long id, String iccid) {
        String column(String expression) throws Exception {
            return server.text("SELECT " + expression + " FROM profile WHERE id = ?", id);
        }

        String state() throws Exception {
            return column("state");
        }

        String presence() throws Exception {
            return column("card_state");
        }

        String steps() throws Exception {
            return server.text("SELECT string_agg(step, ' ' ORDER BY no) FROM rsp_progress WHERE profile_id = ?", id);
        }

        String lastStep() throws Exception {
            return last("step || '/' || ok || '/' || coalesce(subject_code, '') || '/' || coalesce(reason_code, '')");
        }

        int remembered() throws Exception {
            return Integer.parseInt(server.text("SELECT count(*) FROM es2_progress WHERE profile_id = ?", id));
        }

        String lastMessage() throws Exception {
            return last("message");
        }

        private String last(String expression) throws Exception {
            return server.text(
                    "SELECT " + expression + " FROM rsp_progress WHERE profile_id = ? ORDER BY no DESC LIMIT 1", id);
        }
    }

    private static Ordered ordered() {
        ExternalProfiles profiles = new ExternalProfiles(server.downloads);
        long id = server.ids.next();
        String iccid = iccid();
        int tenant = Es2Server.TENANT;
        await(server.database.inWorker(connection -> profiles.reserved(
                        connection, tenant, id, Es2Server.TYPE, "France 3 GB", Iccid.ofText(iccid))
                .compose(done -> profiles.released(connection, tenant, id))));
        return new Ordered(id, iccid);
    }

    private static String iccid() {
        return "894499%013d".formatted(NUMBERS.incrementAndGet());
    }

    private static JsonObject report(Ordered profile, int point) {
        return Es2Server.withHeader(
                new JsonObject()
                        .put("iccid", profile.iccid)
                        .put("profileType", Es2Server.TYPE)
                        .put("timestamp", "2026-11-02T10:00:00Z")
                        .put("notificationPointId", point)
                        .put("notificationPointStatus", new JsonObject().put("status", "Executed-Success")),
                "2.999.77");
    }

    private static JsonObject at(JsonObject report, String time) {
        return report.put("timestamp", time);
    }

    private static JsonObject failed(JsonObject report, String subject, String reason) {
        return report.put(
                "notificationPointStatus",
                new JsonObject()
                        .put("status", "Failed")
                        .put(
                                "statusCodeData",
                                new JsonObject()
                                        .put("subjectCode", subject)
                                        .put("reasonCode", reason)
                                        .put("message", "The card refused the package.")));
    }

    /** What a card signs of an event; the reader here leaves the proof to the other server. */
    private static String stateChange(String event, int sequence) {
        Tlv empty = Tlv.constructed(0x30);
        return base64(Tlv.constructed(0x30, metadata(event, sequence), signature(), empty, empty));
    }

    private static String installFailure(int reason) {
        Tlv outcome = Tlv.constructed(0xA1, Tlv.integer(0x80, 5), Tlv.integer(0x81, reason));
        Tlv data = Tlv.constructed(
                0xBF27,
                Tlv.of(0x80, new byte[16]),
                metadata("0780", 4),
                Tlv.of(0x06, HexFormat.of().parseHex("88370a")),
                Tlv.constructed(0xA2, outcome));
        return base64(Tlv.constructed(0xBF37, data, signature()));
    }

    private static Tlv metadata(String event, int sequence) {
        return Tlv.constructed(
                0xBF2F,
                Tlv.integer(0x80, sequence),
                Tlv.of(0x81, HexFormat.of().parseHex(event)),
                Tlv.utf8(0x0C, "smdp.example.com"));
    }

    private static Tlv signature() {
        return Tlv.of(0x5F37, new byte[64]);
    }

    private static String base64(Tlv element) {
        return Base64.getEncoder().encodeToString(element.raw());
    }

    private static void taken(JsonObject report) throws Exception {
        double before = counted("taken");
        HttpResponse<Buffer> response = post("smdp", report);
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(204);
        assertThat(counted("taken") - before).isEqualTo(1);
    }

    private static HttpResponse<Buffer> post(String partner, JsonObject report) throws Exception {
        return server.send(partner, HttpMethod.POST, PATH, "application/json", report.encode());
    }

    private static String refusal(String body) throws Exception {
        HttpResponse<Buffer> response = server.send("smdp", HttpMethod.POST, PATH, "application/json", body);
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(200);
        assertThat(response.getHeader("X-Admin-Protocol")).startsWith("gsma/rsp/v2.");
        JsonObject status =
                response.bodyAsJsonObject().getJsonObject("header").getJsonObject("functionExecutionStatus");
        assertThat(status.getString("status")).isEqualTo("Failed");
        JsonObject codes = status.getJsonObject("statusCodeData");
        return codes.getString("subjectCode") + "/" + codes.getString("reasonCode");
    }

    private static double counted(String result) {
        return server.registry.counter("octroi.es2.progress", "result", result).count();
    }
}
