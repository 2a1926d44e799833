package dev.octroi.api.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.euicc.Lpa;
import dev.octroi.rsp.euicc.LpaTrust;
import dev.octroi.rsp.euicc.VirtualEuicc;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Orders of operators through ES2+, up to the download. */
class Es2OrderTest {
    private static final String TYPE = "octroi-travel";
    private static final AtomicInteger CALLS = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static DeviceServer server;
    private static HttpClient http;

    @BeforeAll
    static void start() throws Exception {
        server = DeviceServer.start(folder, GsmaCurve.P256);
        TestDatabase.execute(server.config(), "INSERT INTO tenant (slug, name) VALUES ('other', 'Other')");
        http = HttpClient.newBuilder()
                .sslContext(LpaTrust.of(List.of(server.pki().material().ci().certificateDer())))
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        http.close();
        server.close();
    }

    @Test
    void anOrderGoesFromTheStockToTheCard() throws Exception {
        VirtualEuicc card = server.card();
        String iccid = allocate(null);
        JsonObject confirmed =
                call("confirmOrder", new JsonObject().put("iccid", iccid + "F").put("releaseFlag", false));
        assertThat(ProbeDevice.status(confirmed)).isEqualTo("ok");
        assertThat(confirmed.getString("smdpAddress")).isEqualTo(server.address());
        String code = "LPA:1$" + server.address() + "$" + confirmed.getString("matchingId");
        assertThat(status("releaseProfile", new JsonObject().put("iccid", iccid)))
                .isEqualTo("ok");
        assertThat(status("releaseProfile", new JsonObject().put("iccid", iccid)))
                .isEqualTo("8.2.1/3.5");
        try (Lpa lpa = server.device(card)) {
            assertThat(lpa.download(code).iccid()).isEqualTo(iccid);
        }
        assertThat(status("cancelOrder", cancel(iccid))).as("on a card").isEqualTo("8.2.1/3.3");
    }

    @Test
    void anOrderForOneCardNeedsNoMatchingId() throws Exception {
        VirtualEuicc card = server.card();
        String iccid = allocate(card.eid());
        JsonObject body =
                new JsonObject().put("iccid", iccid).put("releaseFlag", true).put("matchingId", "");
        assertThat(status("confirmOrder", body.copy().put("eid", server.card().eid())))
                .isEqualTo("8.1.1/3.10");
        JsonObject confirmed = call("confirmOrder", body);
        assertThat(ProbeDevice.status(confirmed)).isEqualTo("ok");
        assertThat(confirmed.getString("eid")).isEqualTo(card.eid());
        assertThat(confirmed.getString("matchingId")).isEmpty();
        try (Lpa lpa = server.device(card)) {
            assertThat(lpa.download("LPA:1$" + server.address() + "$").iccid()).isEqualTo(iccid);
        }
    }

    @Test
    void downloadOrderRefusesWhatIsNotThere() throws Exception {
        assertThat(status("downloadOrder", new JsonObject())).isEqualTo("1.6/2.3");
        assertThat(status("downloadOrder", new JsonObject().put("profileType", "gold")))
                .isEqualTo("8.2.5/3.9");
        assertThat(status("downloadOrder", new JsonObject().put("iccid", "8933000000000000000")))
                .isEqualTo("8.2.1/3.9");
        assertThat(status("downloadOrder", new JsonObject().put("iccid", "89AB")))
                .isEqualTo("1.6/2.1");
        String iccid = allocate(null);
        assertThat(status("downloadOrder", new JsonObject().put("iccid", iccid)))
                .isEqualTo("8.2.1/3.3");
    }

    @Test
    void confirmOrderRefusesWhatDoesNotFit() throws Exception {
        String iccid = allocate(null);
        JsonObject body = new JsonObject().put("iccid", iccid).put("releaseFlag", true);
        assertThat(status("confirmOrder", body.copy().put("matchingId", ""))).isEqualTo("8.1.1/2.2");
        assertThat(status("confirmOrder", body.copy().put("smdsAddress", "lpa.ds.gsma.com")))
                .isEqualTo("8.1.1/2.2");
        assertThat(status(
                        "confirmOrder",
                        body.copy()
                                .put("smdsAddress", "lpa.ds.gsma.com")
                                .put("eid", server.card().eid())))
                .isEqualTo("8.9/5.1");
        assertThat(status("confirmOrder", body.copy().put("matchingId", "lower case")))
                .isEqualTo("1.6/2.1");
        assertThat(status("confirmOrder", body.copy().put("matchingId", "TAKEN-1")))
                .isEqualTo("ok");
        assertThat(status("confirmOrder", body)).as("twice").isEqualTo("8.2.1/1.2");
        String other = allocate(null);
        assertThat(status("confirmOrder", body.copy().put("iccid", other).put("matchingId", "TAKEN-1")))
                .isEqualTo("8.2.6/3.3");
        JsonObject without = body.copy();
        without.remove("releaseFlag");
        assertThat(status("confirmOrder", without)).isEqualTo("1.6/2.2");
    }

    @Test
    void cancelOrderPutsBackOrAway() throws Exception {
        String iccid = allocate(null);
        assertThat(status("cancelOrder", cancel(iccid).put("matchingId", "OTHER")))
                .isEqualTo("8.2.6/3.10");
        assertThat(status("cancelOrder", cancel(iccid).put("eid", server.card().eid())))
                .isEqualTo("8.1.1/3.10");
        assertThat(status("cancelOrder", cancel(iccid))).isEqualTo("ok");
        assertThat(status("cancelOrder", cancel(iccid))).isEqualTo("8.2.1/1.2");
        assertThat(status("downloadOrder", new JsonObject().put("iccid", iccid)))
                .isEqualTo("ok");
        assertThat(status("cancelOrder", cancel(iccid).put("finalProfileStatusIndicator", "Unavailable")))
                .isEqualTo("ok");
        assertThat(status("downloadOrder", new JsonObject().put("iccid", iccid)))
                .isEqualTo("8.2.1/3.3");
    }

    @Test
    void profileThatACardMayHoldIsNeverPutBackInStock() throws Exception {
        String iccid = allocate(null);
        String token = released(iccid);
        PlainCard card = new PlainCard(server.pki(), GsmaEid.test(9_001));
        try (ProbeDevice first = new ProbeDevice(server, card);
                ProbeDevice second = new ProbeDevice(server, card)) {
            fetch(first, token);
            // The code is scanned again, and the traveller says no.
            second.initiate();
            assertThat(ProbeDevice.status(second.authenticate(token))).isEqualTo("ok");
            assertThat(ProbeDevice.status(second.cancel(card.cancelled(second.transactionId, "2.999.10", 0))))
                    .isEqualTo("ok");
        }
        assertThat(status("cancelOrder", cancel(iccid))).isEqualTo("8.2.1/3.3");
        assertThat(status("cancelOrder", cancel(iccid).put("finalProfileStatusIndicator", "Unavailable")))
                .isEqualTo("ok");
    }

    /** Reasons of the installation (SGP.22 §2.5.6): 9 says that the number is on the card already. */
    @ParameterizedTest
    @CsvSource({"12, ok", "9, 8.2.1/3.3"})
    void profileThatACardCouldNotInstallGoesBackInStockUnlessItsNumberIsOnTheCard(int reason, String status)
            throws Exception {
        String iccid = allocate(null);
        String token = released(iccid);
        PlainCard card = new PlainCard(server.pki(), GsmaEid.test(9_100 + reason));
        try (ProbeDevice device = new ProbeDevice(server, card)) {
            fetch(device, token);
            assertThat(device.notifyServer(card.installed(
                            device.transactionId, 1, Iccid.ofText(iccid).efBytes(), new int[] {5, reason})))
                    .isEqualTo(204);
        }
        assertThat(status("cancelOrder", cancel(iccid))).isEqualTo(status);
    }

    private static String released(String iccid) throws Exception {
        JsonObject confirmed =
                call("confirmOrder", new JsonObject().put("iccid", iccid).put("releaseFlag", true));
        assertThat(ProbeDevice.status(confirmed)).isEqualTo("ok");
        return confirmed.getString("matchingId");
    }

    private static void fetch(ProbeDevice device, String token) throws Exception {
        device.initiate();
        assertThat(ProbeDevice.status(device.authenticate(token))).isEqualTo("ok");
        assertThat(ProbeDevice.status(device.download((byte[]) null))).isEqualTo("ok");
    }

    @Test
    void anOperatorSeesTheProfilesOfItsTenantOnly() throws Exception {
        String iccid = allocate(null);
        JsonObject foreign = call("releaseProfile", new JsonObject().put("iccid", iccid), "2");
        assertThat(ProbeDevice.status(foreign)).isEqualTo("8.2.1/3.9");
        assertThat(ProbeDevice.status(call("releaseProfile", new JsonObject().put("iccid", iccid), "0")))
                .isEqualTo("1.1/1.2");
    }

    @Test
    void theHeaderOfTheRequestIsMandatory() throws Exception {
        HttpResponse<String> response = post("releaseProfile", "{\"iccid\":\"8933000000000000000\"}", "1");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(ProbeDevice.status(new JsonObject(response.body()))).isEqualTo("1.6/2.2");
        assertThat(ProbeDevice.status(
                        new JsonObject(post("releaseProfile", "[1", "1").body())))
                .isEqualTo("1.6/2.1");
    }

    private static JsonObject cancel(String iccid) {
        return new JsonObject().put("iccid", iccid).put("finalProfileStatusIndicator", "Available");
    }

    private static String allocate(String eid) throws Exception {
        JsonObject body = new JsonObject().put("profileType", TYPE);
        if (eid != null) {
            body.put("eid", eid);
        }
        JsonObject answer = call("downloadOrder", body);
        assertThat(ProbeDevice.status(answer)).isEqualTo("ok");
        return answer.getString("iccid");
    }

    private static String status(String function, JsonObject body) throws Exception {
        return ProbeDevice.status(call(function, body));
    }

    private static JsonObject call(String function, JsonObject body) throws Exception {
        return call(function, body, "1");
    }

    private static JsonObject call(String function, JsonObject body, String tenant) throws Exception {
        JsonObject header = new JsonObject()
                .put("functionRequesterIdentifier", "2.999.1234")
                .put("functionCallIdentifier", "call-" + CALLS.incrementAndGet());
        return new JsonObject(post(function, body.copy().put("header", header).encode(), tenant)
                .body());
    }

    private static HttpResponse<String> post(String function, String body, String tenant) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("https://" + server.address() + "/gsma/rsp2/es2plus/" + function))
                        .header("Content-Type", "application/json")
                        .header("x-tenant", tenant)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
