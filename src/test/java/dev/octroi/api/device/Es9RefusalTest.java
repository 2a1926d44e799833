package dev.octroi.api.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.order.ProfileState;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ES9+ says to devices and cards that break the rules, one rule at a time. */
final class Es9RefusalTest {
    private static final AtomicLong EIDS = new AtomicLong(50_000);
    private static final byte[] OWN_OID = new ObjectId("2.999.10").bytes();

    @TempDir
    private static Path folder;

    private static DeviceServer server;

    private RawDevice device;
    private DeviceServer.Ordered ordered;

    @BeforeAll
    static void start() throws Exception {
        server = DeviceServer.start(folder.resolve("server"), GsmaCurve.P256);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void order() throws Exception {
        device = new RawDevice(server, GsmaEid.test(EIDS.incrementAndGet()));
        ordered = server.order();
        device.matchingId = ordered.activationCode().split("\\$", -1)[2];
    }

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void deviceThatKeepsTheRulesIsServed() throws Exception {
        assertThat(RawDevice.status(device.initiate())).isEqualTo("ok");
        assertThat(RawDevice.status(device.authenticate())).isEqualTo("ok");
        assertThat(status("getBoundProfilePackage", device.packageRequest())).isEqualTo("ok");
    }

    @Test
    void otherAddressIsRefused() throws Exception {
        device.address = "elsewhere.example.com";
        assertThat(RawDevice.status(device.initiate())).isEqualTo("8.8.1/3.8");
    }

    @Test
    void addressIsComparedWithoutCase() throws Exception {
        device.address = server.address().toUpperCase(Locale.ROOT);
        assertThat(RawDevice.status(device.initiate())).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(strings = {"010101", "000000", "040000", "ff0000"})
    void versionThatIsNotSupportedIsRefused(String version) throws Exception {
        device.info1 =
                RawDevice.with(device.info1, 0x82, Tlv.of(0x82, HexFormat.of().parseHex(version)));
        assertThat(RawDevice.status(device.initiate())).isEqualTo("8.8.3/3.1");
    }

    @Test
    void cardThatTrustsOtherIssuersOnlyIsRefused() throws Exception {
        device.info1 = RawDevice.with(device.info1, 0xA9, Tlv.constructed(0xA9, Tlv.of(0x04, new byte[20])));
        assertThat(RawDevice.status(device.initiate())).isEqualTo("8.8.4/3.7");
    }

    @Test
    void cardOfOtherIssuersOnlyIsRefused() throws Exception {
        device.info1 = RawDevice.with(device.info1, 0xAA, Tlv.constructed(0xAA, Tlv.of(0x04, new byte[20])));
        assertThat(RawDevice.status(device.initiate())).isEqualTo("8.8.2/3.1");
    }

    @Test
    void everySessionHasItsOwnNumberAndChallenge() throws Exception {
        JsonNode first = device.initiate();
        byte[] challenge = device.serverChallenge;
        JsonNode second = device.initiate();
        assertThat(first.path("transactionId").textValue())
                .isNotEqualTo(second.path("transactionId").textValue());
        assertThat(challenge).isNotEqualTo(device.serverChallenge);
    }

    @Test
    void unknownTransactionIsRefusedEverywhere() throws Exception {
        device.initiate();
        device.authenticate();
        ObjectNode download = device.packageRequest();
        ObjectNode cancel = device.cancelRequest(0, OWN_OID);
        String unknown = "00112233445566778899AABBCCDDEEFF";
        assertThat(status("authenticateClient", device.authenticateRequest().put("transactionId", unknown)))
                .isEqualTo("8.10.1/3.9");
        assertThat(status("getBoundProfilePackage", download.put("transactionId", unknown)))
                .isEqualTo("8.10.1/3.9");
        assertThat(status("cancelSession", cancel.put("transactionId", unknown)))
                .isEqualTo("8.10.1/3.9");
    }

    @Test
    void transactionIsComparedWithoutCase() throws Exception {
        device.initiate();
        ObjectNode request = device.authenticateRequest();
        request.put("transactionId", device.transactionId.toLowerCase(Locale.ROOT));
        assertThat(status("authenticateClient", request)).isEqualTo("ok");
    }

    @Test
    void otherTransactionInTheSignedDataIsRefused() throws Exception {
        device.initiate();
        device.signedTransactionId = new byte[16];
        assertThat(RawDevice.status(device.authenticate())).isEqualTo("8.10.1/3.9");
    }

    @Test
    void wrongSignatureOfTheCardIsRefused() throws Exception {
        device.initiate();
        device.spoilSignature = true;
        assertThat(RawDevice.status(device.authenticate())).isEqualTo("8.1/6.1");
    }

    @Test
    void answerToAnotherChallengeIsRefused() throws Exception {
        device.initiate();
        device.serverChallenge = new byte[16];
        assertThat(RawDevice.status(device.authenticate())).isEqualTo("8.1/6.1");
    }

    @Test
    void manufacturerOfAnotherIssuerIsRefused() throws Exception {
        GsmaTestPki foreign = GsmaTestPki.open(
                folder.resolve("foreign"), List.of("localhost"), InstantSource.system(), new SecureRandom());
        device.euicc = foreign.issueEuicc(GsmaEid.test(1));
        device.eum = foreign.material().eum();
        device.initiate();
        assertThat(RawDevice.status(device.authenticate())).isEqualTo("8.11.1/3.9");
    }

    @Test
    void alteredManufacturerCertificateIsRefused() throws Exception {
        device.initiate();
        assertThat(withAltered(3)).isEqualTo("8.1.2/6.1");
    }

    @Test
    void alteredCardCertificateIsRefused() throws Exception {
        device.initiate();
        assertThat(withAltered(2)).isEqualTo("8.1.3/6.1");
    }

    @Test
    void certificateOfAServerIsNoManufacturer() throws Exception {
        device.eum = server.pki().material().dpAuth();
        device.initiate();
        assertThat(RawDevice.status(device.authenticate())).isEqualTo("8.1.2/6.1");
    }

    @Test
    void certificateOfAServerIsNoCard() throws Exception {
        device.euicc = server.pki().material().dpPb();
        device.initiate();
        assertThat(RawDevice.status(device.authenticate())).isEqualTo("8.1.3/6.1");
    }

    @Test
    void manufacturerThatExpiredIsRefused() throws Exception {
        Instant longAgo = Instant.now().minus(Duration.ofDays(35 * 365));
        GsmaTestPki old = sameRoot("expired", longAgo);
        device.eum = old.material().eum();
        device.euicc = old.issueEuicc(GsmaEid.test(2));
        device.initiate();
        assertThat(RawDevice.status(device.authenticate())).isEqualTo("8.1.2/6.3");
    }

    @Test
    void cardThatIsNotYetValidIsRefused() throws Exception {
        GsmaTestPki later = sameRoot("later", Instant.now().plus(Duration.ofDays(30)), "eum.pem", "eum.key");
        device.euicc = later.issueEuicc(GsmaEid.test(3));
        device.initiate();
        assertThat(RawDevice.status(device.authenticate())).isEqualTo("8.1.3/6.3");
    }

    @Test
    void cardOfAnotherManufacturerUnderTheSameIssuerIsRefused() throws Exception {
        device.eum = sameRoot("other-eum", Instant.now()).material().eum();
        device.initiate();
        assertThat(RawDevice.status(device.authenticate())).isEqualTo("8.1.3/6.1");
    }

    @Test
    void numberOutsideTheManufacturersRangeIsRefused() throws Exception {
        device.euicc = server.pki().issueEuicc("89033023000000000000000000000142");
        device.initiate();
        assertThat(RawDevice.status(device.authenticate())).isEqualTo("8.1.3/6.1");
    }

    @Test
    void revokedManufacturerIsRefused() throws Exception {
        DeviceServer fresh = DeviceServer.start(folder.resolve("revoking"), GsmaCurve.P256);
        fresh.pki().revoke(fresh.pki().material().eum().certificate());
        try (DeviceServer again = fresh.restarted();
                RawDevice revoked = new RawDevice(again, GsmaEid.test(9))) {
            revoked.initiate();
            assertThat(RawDevice.status(revoked.authenticate())).startsWith("8.1.2/6.");
        }
    }

    @Test
    void fieldsOfNewerVersionsAreTolerated() throws Exception {
        device.info2 = Tlv.constructed(
                0xBF22,
                Stream.concat(device.info2.children().stream(), Stream.of(Tlv.of(0x9F20, new byte[] {1})))
                        .toList());
        device.moreInSigned1.add(Tlv.of(0x9F21, new byte[] {1, 2}));
        device.moreInResponse.add(Tlv.constructed(0xA4, Tlv.of(0x80, new byte[3])));
        ObjectNode request = device.initiateRequest();
        request.put("lpaRspCapability", "BgDw");
        assertThat(status("initiateAuthentication", request)).isEqualTo("ok");
        device.initiate();
        assertThat(RawDevice.status(device.authenticate())).isEqualTo("ok");
    }

    @Test
    void errorOfTheCardIsAnsweredAndNothingMore() throws Exception {
        device.initiate();
        Tlv error = Tlv.constructed(
                0xBF38, Tlv.constructed(0xA1, Tlv.of(0x80, device.signedTransactionId), Tlv.integer(0x02, 2)));
        ObjectNode request = RawDevice.object()
                .put("transactionId", device.transactionId)
                .put("authenticateServerResponse", RawDevice.base64(error.raw()));
        assertThat(status("authenticateClient", request)).isNotEqualTo("ok");
        assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.RELEASED);
    }

    @Test
    void packageIsNotGivenBeforeTheCardProvedItself() throws Exception {
        device.initiate();
        device.offer = RawDevice.object()
                .put(
                        "smdpSignature2",
                        RawDevice.base64(Tlv.of(0x5F37, new byte[64]).raw()));
        assertThat(status("getBoundProfilePackage", device.packageRequest())).isEqualTo("8.10.1/3.9");
    }

    @Test
    void wrongSecondSignatureOfTheCardIsRefused() throws Exception {
        device.initiate();
        device.authenticate();
        device.spoilSignature = true;
        assertThat(status("getBoundProfilePackage", device.packageRequest())).isEqualTo("8.1/6.1");
    }

    @Test
    void otherTransactionInTheSecondSignedDataIsRefused() throws Exception {
        device.initiate();
        device.authenticate();
        device.signedTransactionId = new byte[16];
        assertThat(status("getBoundProfilePackage", device.packageRequest())).isEqualTo("8.10.1/3.9");
    }

    @ParameterizedTest
    @CsvSource({
        "0,ERROR",
        "1,RELEASED",
        "2,RELEASED",
        "3,ERROR",
        "4,ERROR",
        "5,ERROR",
        "127,ERROR",
    })
    void cancellingEndsOrKeepsTheOrderByItsReason(int reason, ProfileState state) throws Exception {
        device.initiate();
        device.authenticate();
        assertThat(status("cancelSession", device.cancelRequest(reason, OWN_OID)))
                .isEqualTo("ok");
        assertThat(server.profile(ordered).status().state()).isEqualTo(state);
        assertThat(status("getBoundProfilePackage", device.packageRequest())).isEqualTo("8.10.1/3.9");
    }

    @Test
    void cancellingForAnotherServerIsRefused() throws Exception {
        device.initiate();
        device.authenticate();
        byte[] other = new ObjectId("2.999.12").bytes();
        assertThat(status("cancelSession", device.cancelRequest(0, other))).isEqualTo("8.8/3.10");
        assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.RELEASED);
    }

    @Test
    void cancellingWithWrongSignatureIsRefused() throws Exception {
        device.initiate();
        device.authenticate();
        device.spoilSignature = true;
        assertThat(status("cancelSession", device.cancelRequest(0, OWN_OID))).isEqualTo("8.1/6.1");
        assertThat(server.profile(ordered).status().state()).isEqualTo(ProfileState.RELEASED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "\"text\"",
                "{\"transactionId\":7}",
                "{\"transactionId\":\"zz\",\"authenticateServerResponse\":\"AA==\"}",
                "{\"transactionId\":\"00\",\"authenticateServerResponse\":\"%%%\"}",
                "{\"transactionId\":\"00\",\"authenticateServerResponse\":\"vzg=\"}",
                "{\"euiccChallenge\":\"AAAA\",\"euiccInfo1\":\"AAAA\",\"smdpAddress\":\"x\"}",
                "{\"header\":[],\"transactionId\":{},\"prepareDownloadResponse\":[]}",
            })
    void malformedRequestsGetAStatusAndNeverAServerError(String body) throws Exception {
        for (String function :
                List.of("initiateAuthentication", "authenticateClient", "getBoundProfilePackage", "cancelSession")) {
            HttpResponse<String> response = device.post(function, body);
            assertThat(response.statusCode()).as(function + " " + body).isLessThan(500);
            if (response.statusCode() == 200) {
                assertThat(response.body()).contains("\"Failed\"").contains("subjectCode");
            }
        }
        assertThat(device.post("handleNotification", body).statusCode()).isLessThan(500);
    }

    @Test
    void notificationThatNobodyCanPlaceIsTaken() throws Exception {
        Tlv metadata = Tlv.constructed(
                0xBF2F,
                Tlv.integer(0x80, 1),
                Tlv.of(0x81, new byte[] {0x06, 0x40}),
                Tlv.utf8(0x0C, server.address()),
                Tlv.of(0x5A, new byte[] {(byte) 0x98, 0x33, 0x10, 0x32, 0x54, 0x76, (byte) 0x98, 0x10, 0x32, (byte) 0xF4
                }));
        Tlv notification = Tlv.constructed(
                0x30,
                metadata,
                Tlv.of(0x5F37, device.sign(metadata.raw())),
                Tlv.parse(device.euicc.certificateDer()),
                Tlv.parse(device.eum.certificateDer()));
        String body = RawDevice.object()
                .put("pendingNotification", RawDevice.base64(notification.raw()))
                .toString();
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> response = device.post("handleNotification", body);
            assertThat(response.statusCode()).isEqualTo(204);
            assertThat(response.body()).isEmpty();
        }
    }

    private String status(String function, ObjectNode request) throws Exception {
        return RawDevice.status(device.call(function, request));
    }

    /** Flips a bit in the signature of a certificate: the last bytes of the element. */
    private String withAltered(int part) throws Exception {
        ObjectNode request = device.authenticateRequest();
        Tlv response = RawDevice.element(request, "authenticateServerResponse");
        List<Tlv> parts = response.require(0xA0).children();
        int end = response.rawLength();
        for (int i = parts.size() - 1; i > part; i--) {
            end -= parts.get(i).rawLength();
        }
        byte[] raw = response.raw();
        raw[end - 3] ^= 1;
        request.put("authenticateServerResponse", Base64.getEncoder().encodeToString(raw));
        return status("authenticateClient", request);
    }

    /** A PKI under the server's root, with certificates of its own, made at another time. */
    private static GsmaTestPki sameRoot(String name, Instant time, String... alsoKept) throws Exception {
        Path own = Files.createDirectories(folder.resolve(name).resolve("p256"));
        Path from = server.pki().material().directory();
        for (String file : List.of("ci.pem", "ci.key")) {
            Files.copy(from.resolve(file), own.resolve(file));
        }
        for (String file : alsoKept) {
            Files.copy(from.resolve(file), own.resolve(file));
        }
        return GsmaTestPki.open(
                folder.resolve(name), List.of("localhost"), InstantSource.fixed(time), new SecureRandom());
    }
}
