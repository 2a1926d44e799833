package dev.octroi.api.device;

import static dev.octroi.api.device.ProbeDevice.element;
import static dev.octroi.api.device.ProbeDevice.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import dev.octroi.rsp.order.CardPresence;
import dev.octroi.rsp.order.ErrorCause;
import dev.octroi.rsp.order.ProfileState;
import dev.octroi.rsp.order.ProfileStatus;
import dev.octroi.rsp.order.ResetOutcome;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every refusal of ES9+, message by message. */
class Es9StatusTest {
    private static final AtomicLong CARDS = new AtomicLong(50_000);

    @TempDir
    private static Path folder;

    private static DeviceServer server;

    @BeforeAll
    static void start() throws Exception {
        server = DeviceServer.start(folder, GsmaCurve.P256);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static ProbeDevice device() {
        return new ProbeDevice(server, new PlainCard(server.pki(), GsmaEid.test(CARDS.incrementAndGet())));
    }

    private static String token(DeviceServer.Ordered ordered) {
        return ordered.profile().matchingId().reveal();
    }

    private static ProfileStatus statusOf(DeviceServer.Ordered ordered) throws Exception {
        return server.profile(ordered).status();
    }

    @Test
    void initiateAuthenticationNamesDiffer() throws Exception {
        try (ProbeDevice device = device()) {
            assertThat(status(device.initiate(server.address().toUpperCase(Locale.ROOT), device.card.info1())))
                    .isEqualTo("ok");
            byte[] challenge = device.serverChallenge;
            byte[] transaction = device.transactionId;
            device.initiate();
            assertThat(device.serverChallenge).isNotEqualTo(challenge);
            assertThat(device.transactionId).isNotEqualTo(transaction).hasSize(16);
        }
    }

    @Test
    void initiateAuthenticationRefusesAnotherAddressAndForeignIssuers() throws Exception {
        try (ProbeDevice device = device()) {
            byte[] foreign = new byte[20];
            assertThat(status(device.initiate("smdp.example.org", device.card.info1())))
                    .isEqualTo("8.8.1/3.8");
            assertThat(status(device.initiate(server.address(), device.card.info1(foreign, device.card.ciKeyId))))
                    .isEqualTo("8.8.4/3.7");
            assertThat(status(device.initiate(server.address(), device.card.info1(device.card.ciKeyId, foreign))))
                    .isEqualTo("8.8.2/3.1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "010000,8.8.3/3.1",
        "020000,8.8.3/3.1",
        "020201,ok",
        "020202,ok",
        "020300,ok",
        "020500,ok",
        "ff0000,8.8.3/3.1"
    })
    void initiateAuthenticationLooksAtTheVersion(String svn, String expected) throws Exception {
        try (ProbeDevice device = device()) {
            device.card.svn = svn;
            assertThat(status(device.initiate())).isEqualTo(expected);
        }
    }

    @Test
    void initiateAuthenticationSaysWhatIsMissingOrUnreadable() throws Exception {
        try (ProbeDevice device = device()) {
            JsonObject good = new JsonObject()
                    .put("euiccChallenge", ProbeDevice.base64(ProbeDevice.challenge()))
                    .put("euiccInfo1", ProbeDevice.base64(device.card.info1().raw()))
                    .put("smdpAddress", server.address());
            for (String field : good.fieldNames()) {
                JsonObject without = good.copy();
                without.remove(field);
                assertThat(status(device.call("initiateAuthentication", without)))
                        .as(field)
                        .isEqualTo("1.6/2.2");
                assertThat(status(device.call(
                                "initiateAuthentication", good.copy().put(field, 17))))
                        .as(field)
                        .isEqualTo("1.6/2.1");
            }
            assertThat(status(device.call("initiateAuthentication", good.copy().put("euiccInfo1", "%%%"))))
                    .isEqualTo("1.6/2.1");
            assertThat(status(device.call("initiateAuthentication", good.copy().put("euiccChallenge", "AAAA"))))
                    .isEqualTo("1.6/2.1");
            HttpResponse<byte[]> response = device.post(
                    "initiateAuthentication",
                    "application/json",
                    good.toBuffer().getBytes());
            assertThat(response.headers().firstValue("content-type")).contains("application/json;charset=UTF-8");
            assertThat(response.headers().firstValue("x-admin-protocol").orElse(""))
                    .startsWith("gsma/rsp/v2.");
        }
    }

    @Test
    void authenticateClientNeedsAnOpenSessionOfItsOwn() throws Exception {
        try (ProbeDevice device = device()) {
            DeviceServer.Ordered ordered = server.order();
            device.initiate();
            byte[] mine = device.transactionId;
            Tlv signed = device.card.signed1(mine, server.address(), device.serverChallenge, token(ordered));
            Tlv response = device.card.authenticated(signed, device.card.sign(signed.raw()));
            device.transactionId = ProbeDevice.challenge();
            assertThat(status(device.authenticate(response))).as("unknown").isEqualTo("8.10.1/3.9");
            device.initiate();
            assertThat(status(device.authenticate(response)))
                    .as("another session")
                    .isEqualTo("8.10.1/3.9");
            device.transactionId = mine;
            assertThat(status(device.authenticate(response))).isEqualTo("ok");
            assertThat(status(device.authenticate(response))).as("replayed").isEqualTo("8.10.1/3.9");
        }
    }

    @Test
    void authenticateClientEndsWithTheSessionsTime() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (ProbeDevice device = device()) {
            device.initiate();
            server.advance(Duration.ofMinutes(31));
            assertThat(status(device.authenticate(token(ordered)))).isEqualTo("8.10.1/3.9");
            assertThat(DeviceServer.await(server.downloads().sweepSessions()))
                    .as("by a clock that is ahead of the database's")
                    .isZero();
            TestDatabase.execute(server.config(), "UPDATE rsp_session SET expires_at = now()");
            assertThat(DeviceServer.await(server.downloads().sweepSessions())).isPositive();
        }
    }

    @Test
    void authenticateClientVerifiesTheChainAndTheSignature() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (ProbeDevice device = device();
                ProbeDevice foreign = new ProbeDevice(server, new PlainCard(server.pki(), "99" + "0".repeat(30)))) {
            foreign.initiate();
            assertThat(status(foreign.authenticate(token(ordered)))).isEqualTo("8.1.3/6.1");

            device.initiate();
            Tlv signed =
                    device.card.signed1(device.transactionId, server.address(), device.serverChallenge, token(ordered));
            Tlv eum = Tlv.parse(server.pki().material().eum().certificateDer());
            byte[] tampered = eum.raw();
            tampered[tampered.length - 1] ^= 1;
            Tlv card = Tlv.parse(device.card.credential.certificateDer());
            Tlv signature = device.card.sign(signed.raw());
            assertThat(status(
                            device.authenticate(PlainCard.authenticated(signed, signature, card, Tlv.parse(tampered)))))
                    .isEqualTo("8.1.2/6.1");

            device.initiate();
            assertThat(status(device.authenticate(PlainCard.authenticated(
                            device.card.signed1(
                                    device.transactionId, server.address(), device.serverChallenge, token(ordered)),
                            signature,
                            card,
                            eum))))
                    .as("signature of another message")
                    .isEqualTo("8.1/6.1");
        }
    }

    @Test
    void authenticateClientComparesTheServerChallenge() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (ProbeDevice device = device()) {
            device.initiate();
            device.serverChallenge = ProbeDevice.challenge();
            assertThat(status(device.authenticate(token(ordered)))).isEqualTo("8.1/6.1");
        }
    }

    @Test
    void aRefusalOfTheCardEndsTheSessionAndIsNoServerError() throws Exception {
        try (ProbeDevice device = device()) {
            device.initiate();
            Tlv error = Tlv.constructed(
                    0xBF38, Tlv.constructed(0xA1, Tlv.of(0x80, device.transactionId), Tlv.integer(0x02, 2)));
            assertThat(status(device.authenticate(error))).isNotEqualTo("ok");
            assertThat(status(device.authenticate("ANY"))).isEqualTo("8.10.1/3.9");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"confirmed", "allocated", "linked"})
    void aProfileThatIsNotReleasedIsRefused(String state) throws Exception {
        DeviceServer.Ordered ordered = server.order();
        set(ordered, "state = '" + state + "'");
        try (ProbeDevice device = device()) {
            device.initiate();
            assertThat(status(device.authenticate(token(ordered)))).isEqualTo("8.2/1.2");
        }
    }

    @Test
    void tooManyDownloadsEndTheOrder() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        set(ordered, "download_limit = 1");
        try (ProbeDevice device = device()) {
            device.initiate();
            device.authenticate(token(ordered));
            assertThat(status(device.download((byte[]) null))).isEqualTo("ok");
            device.initiate();
            assertThat(status(device.authenticate(token(ordered)))).isEqualTo("8.8.5/6.4");
            assertThat(statusOf(ordered).errorCause()).isEqualTo(ErrorCause.DOWNLOAD_LIMIT);
            device.initiate();
            assertThat(status(device.authenticate(token(ordered)))).isEqualTo("8.8.5/6.4");
            assertThat(server.reset(ordered)).isInstanceOf(ResetOutcome.Done.class);
            device.initiate();
            assertThat(status(device.authenticate(token(ordered)))).isEqualTo("ok");
        }
    }

    @Test
    void theSameOneTimeKeyGetsTheSamePackageAndAnotherIsBoundAnew() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (ProbeDevice device = device()) {
            device.initiate();
            assertThat(element(device.authenticate(token(ordered)), "smdpSigned2")
                            .find(0x5F49))
                    .isEmpty();
            Tlv first = element(device.download((byte[]) null), "boundProfilePackage");
            assertThat(element(device.download((byte[]) null), "boundProfilePackage"))
                    .isEqualTo(first);

            device.initiate();
            Tlv signed2 = element(device.authenticate(token(ordered)), "smdpSigned2");
            assertThat(signed2.require(0x5F49).value()).isEqualTo(device.card.oneTimePoint());
            Tlv again = element(device.download((byte[]) null), "boundProfilePackage");
            assertThat(again.require(0xBF23).require(0x5F49))
                    .isEqualTo(first.require(0xBF23).require(0x5F49));
            assertThat(again.require(0xBF23).require(0x80).value()).isEqualTo(device.transactionId);
            assertThat(again.require(0xA3)).isEqualTo(first.require(0xA3));
            assertThat(statusOf(ordered).downloads()).as("two sessions").isEqualTo(2);

            device.card.oneTime = device.card.curve.generate(new SecureRandom());
            Tlv other = element(device.download((byte[]) null), "boundProfilePackage");
            assertThat(other.require(0xBF23).require(0x5F49))
                    .isNotEqualTo(first.require(0xBF23).require(0x5F49));
            assertThat(statusOf(ordered).downloads())
                    .as("another package within one")
                    .isEqualTo(3);
        }
    }

    @Test
    void aSecondCardIsRefusedOnceTheFirstHasAPackage() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (ProbeDevice first = device();
                ProbeDevice second = device()) {
            first.initiate();
            first.authenticate(token(ordered));
            first.download((byte[]) null);
            second.initiate();
            assertThat(status(second.authenticate(token(ordered)))).isEqualTo("8.1.1/3.8");
        }
    }

    @Test
    void packagesAreGivenForTheRightSignatureOnly() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (ProbeDevice device = device()) {
            device.initiate();
            Tlv early = device.card.prepared(device.transactionId, Tlv.of(0x5F37, new byte[64]), null);
            assertThat(status(device.download(early)))
                    .as("before authentication")
                    .isEqualTo("8.10.1/3.9");
            device.authenticate(token(ordered));
            Tlv otherSession = device.card.prepared(ProbeDevice.challenge(), device.signature2(), null);
            assertThat(status(device.download(otherSession))).isEqualTo("8.10.1/3.9");
            Tlv wrong = device.card.prepared(device.transactionId, Tlv.of(0x5F37, new byte[64]), null);
            assertThat(status(device.download(wrong))).isEqualTo("8.1/6.1");
            assertThat(statusOf(ordered).state()).isEqualTo(ProfileState.RELEASED);
        }
    }

    @Test
    void confirmationCodesAreMissingWrongExceededOrRight() throws Exception {
        DeviceServer.Ordered ordered = server.order("4711", null, null);
        set(ordered, "confirmation_limit = 3");
        try (ProbeDevice device = device()) {
            device.initiate();
            assertThat(element(device.authenticate(token(ordered)), "smdpSigned2")
                            .require(0x01)
                            .asBoolean())
                    .isTrue();
            assertThat(status(device.download((byte[]) null))).isEqualTo("8.2.7/2.2");
            byte[] wrong = PlainCard.confirmation("0000", device.transactionId);
            assertThat(status(device.download(wrong))).isEqualTo("8.2.7/3.8");
            assertThat(status(device.download(wrong))).isEqualTo("8.2.7/3.8");
            assertThat(status(device.download(PlainCard.confirmation("4711", device.transactionId))))
                    .isEqualTo("ok");
        }
        DeviceServer.Ordered other = server.order("4711", null, null);
        set(other, "confirmation_limit = 1");
        try (ProbeDevice device = device()) {
            device.initiate();
            device.authenticate(token(other));
            assertThat(status(device.download(PlainCard.confirmation("0000", device.transactionId))))
                    .isEqualTo("8.2.7/6.4");
            assertThat(status(device.download(PlainCard.confirmation("4711", device.transactionId))))
                    .isEqualTo("8.2.7/6.4");
            assertThat(statusOf(other).errorCause()).isEqualTo(ErrorCause.CONFIRMATION_LIMIT);
        }
    }

    @Test
    void anOrderMayExpireBetweenOfferAndDownload() throws Exception {
        DeviceServer.Ordered ordered = server.order(null, null, server.now().plusSeconds(60));
        try (ProbeDevice device = device()) {
            device.initiate();
            device.authenticate(token(ordered));
            server.advance(Duration.ofMinutes(2));
            assertThat(status(device.download((byte[]) null))).isEqualTo("8.8.5/4.10");
            assertThat(statusOf(ordered).errorCause()).isEqualTo(ErrorCause.EXPIRED);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,true", "1,false", "2,false", "3,true", "4,true", "5,true", "127,true", "99,true"})
    void cancellationsEndTheOrderUnlessTheyArePostponed(int reason, boolean terminal) throws Exception {
        DeviceServer.Ordered ordered = server.order();
        try (ProbeDevice device = device()) {
            device.initiate();
            device.authenticate(token(ordered));
            byte[] transaction = device.transactionId;
            assertThat(status(device.cancel(device.card.cancelled(ProbeDevice.challenge(), "2.999.10", reason))))
                    .isEqualTo("8.10.1/3.9");
            assertThat(status(device.cancel(device.card.cancelled(transaction, "2.999.11", reason))))
                    .isEqualTo("8.8/3.10");
            try (ProbeDevice other = device()) {
                assertThat(status(device.cancel(other.card.cancelled(transaction, "2.999.10", reason))))
                        .isEqualTo("8.1/6.1");
            }
            assertThat(status(device.cancel(device.card.cancelled(transaction, "2.999.10", reason))))
                    .isEqualTo("ok");
            assertThat(status(device.cancel(device.card.cancelled(transaction, "2.999.10", reason))))
                    .as("again")
                    .isEqualTo("8.10.1/3.9");
        }
        assertThat(statusOf(ordered).state()).isEqualTo(terminal ? ProfileState.ERROR : ProfileState.RELEASED);
    }

    @Test
    void notificationsAreTakenInAnyOrderAndOnce() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        byte[] iccid = new Iccid(ordered.profile().iccid().reveal()).efBytes();
        try (ProbeDevice device = device()) {
            device.initiate();
            device.authenticate(token(ordered));
            device.download((byte[]) null);
            Tlv disabled = device.card.changed(12, "0520", iccid);
            assertThat(device.notifyServer(device.card.installed(device.transactionId, 10, iccid, null)))
                    .isEqualTo(204);
            assertThat(statusOf(ordered).state()).isEqualTo(ProfileState.INSTALLED);
            assertThat(device.notifyServer(disabled)).isEqualTo(204);
            assertThat(device.notifyServer(device.card.changed(11, "0640", iccid)))
                    .isEqualTo(204);
            assertThat(statusOf(ordered).presence()).as("the newest counts").isEqualTo(CardPresence.DISABLED);
            int steps = server.timeline(ordered).size();
            assertThat(device.notifyServer(disabled)).as("again").isEqualTo(204);
            assertThat(server.timeline(ordered)).hasSize(steps);
            assertThat(device.notifyServer(device.card.changed(13, "0410", iccid)))
                    .isEqualTo(204);
            assertThat(statusOf(ordered).presence()).isEqualTo(CardPresence.DELETED);
        }
    }

    @Test
    void theNextCardOfAProfileHasItsOwnNumbers() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        byte[] iccid = new Iccid(ordered.profile().iccid().reveal()).efBytes();
        try (ProbeDevice first = device();
                ProbeDevice next = device()) {
            first.initiate();
            first.authenticate(token(ordered));
            first.download((byte[]) null);
            set(ordered, "last_sequence = 900");
            server.reset(ordered);
            next.initiate();
            assertThat(status(next.authenticate(token(ordered)))).isEqualTo("ok");
            next.download((byte[]) null);
            next.notifyServer(next.card.changed(2, "0640", iccid));
            assertThat(statusOf(ordered).presence()).isEqualTo(CardPresence.ENABLED);
        }
    }

    @Test
    void notificationsOfOthersChangeNothingButAreTaken() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        byte[] iccid = new Iccid(ordered.profile().iccid().reveal()).efBytes();
        try (ProbeDevice device = device();
                ProbeDevice other = device()) {
            assertThat(other.notifyServer(other.card.changed(1, "0640", iccid))).isEqualTo(204);
            device.initiate();
            device.authenticate(token(ordered));
            device.download((byte[]) null);
            assertThat(other.notifyServer(other.card.installed(device.transactionId, 1, iccid, null)))
                    .isEqualTo(204);
            assertThat(other.notifyServer(other.card.changed(1, "0640", iccid))).isEqualTo(204);
            assertThat(device.notifyServer(device.card.installed(ProbeDevice.challenge(), 1, iccid, null)))
                    .as("unknown session")
                    .isEqualTo(204);
            assertThat(statusOf(ordered).state()).isEqualTo(ProfileState.DOWNLOADED);
            assertThat(statusOf(ordered).presence()).isEqualTo(CardPresence.NONE);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,8.2.10/4.2", "9,8.2.1/3.3", "15,8.2.8/1.2", "12,8.2.10/4.2", "13,8.2.9/3.11", "99,8.2.10/4.2"})
    void aFailedInstallationIsKeptWithItsReasonAndCanBeReset(int reason, String expected) throws Exception {
        DeviceServer.Ordered ordered = server.order();
        byte[] iccid = new Iccid(ordered.profile().iccid().reveal()).efBytes();
        try (ProbeDevice device = device()) {
            device.initiate();
            device.authenticate(token(ordered));
            device.download((byte[]) null);
            device.notifyServer(device.card.installed(device.transactionId, 3, iccid, new int[] {5, reason}));
            assertThat(statusOf(ordered).errorCause()).isEqualTo(ErrorCause.INSTALL_FAILED);
            assertThat(statusOf(ordered).errorDetail()).isEqualTo("install." + reason);
            assertThat(server.timeline(ordered).getLast().refusal()).hasToString(expected);
            assertThat(server.reset(ordered)).isInstanceOf(ResetOutcome.Done.class);
            device.initiate();
            assertThat(status(device.authenticate(token(ordered)))).isEqualTo("ok");
        }
    }

    @Test
    void theAsn1BindingCarriesAWholeDownload() throws Exception {
        DeviceServer.Ordered ordered = server.order();
        byte[] iccid = new Iccid(ordered.profile().iccid().reveal()).efBytes();
        try (ProbeDevice device = device()) {
            Tlv initiated = asn1(
                    device,
                    "initiateAuthentication",
                    Tlv.constructed(
                            0xBF39,
                            Tlv.of(0x81, ProbeDevice.challenge()),
                            Tlv.utf8(0x83, server.address()),
                            device.card.info1()));
            Tlv ok = initiated.require(0xBF39).require(0xA0);
            byte[] transaction = ok.require(0x80).value();
            byte[] challenge = ok.children().get(1).require(0x84).value();
            Tlv signed = device.card.signed1(transaction, server.address(), challenge, token(ordered));
            Tlv authenticated = asn1(
                            device,
                            "authenticateClient",
                            Tlv.constructed(
                                    0xBF3B,
                                    Tlv.of(0x80, transaction),
                                    device.card.authenticated(signed, device.card.sign(signed.raw()))))
                    .require(0xBF3B)
                    .require(0xA0);
            assertThat(authenticated.find(0xBF25)).isPresent();
            Tlv request = Tlv.constructed(
                    0xBF3A,
                    Tlv.of(0x80, transaction),
                    device.card.prepared(transaction, authenticated.require(0x5F37), null));
            Tlv bound = asn1(device, "getBoundProfilePackage", request);
            assertThat(bound.require(0xBF3A).require(0xA0).find(0xBF36)).isPresent();
            Tlv wrong = asn1(
                    device,
                    "getBoundProfilePackage",
                    Tlv.constructed(0xBF3A, Tlv.of(0x80, ProbeDevice.challenge()), request.require(0xBF21)));
            assertThat(wrong.require(0xBF3A).require(0x81).asInt()).isEqualTo(95);
            Tlv pending = device.card.installed(transaction, 1, iccid, null);
            HttpResponse<byte[]> notified = device.post(
                    "handleNotification",
                    "application/x-gsma-rsp-asn1",
                    Tlv.constructed(0xA2, Tlv.constructed(0xBF3D, pending)).raw());
            assertThat(notified.statusCode()).isEqualTo(204);
            assertThat(notified.body()).isEmpty();
            assertThat(statusOf(ordered).state()).isEqualTo(ProfileState.INSTALLED);
        }
    }

    @Test
    void whateverIsSentNeverIsAServerError() throws Exception {
        Random random = new Random(2023);
        try (ProbeDevice device = device()) {
            device.initiate();
            String transaction = HexFormat.of().formatHex(device.transactionId);
            for (Es9Function function : Es9Function.values()) {
                for (int round = 0; round < 60; round++) {
                    byte[] noise = new byte[random.nextInt(200)];
                    random.nextBytes(noise);
                    Tlv framed = Tlv.of(0x80, noise);
                    int tag = new int[] {0xBF38, 0xBF21, 0xBF41, 0xBF37, 0xBF20, 0x30, 0x04}[random.nextInt(7)];
                    byte[] element = tag == 0x04
                            ? Tlv.of(tag, noise).raw()
                            : Tlv.constructed(tag, framed).raw();
                    JsonObject json = new JsonObject().put("transactionId", transaction);
                    for (String field : new String[] {
                        "euiccInfo1",
                        "euiccChallenge",
                        "authenticateServerResponse",
                        "prepareDownloadResponse",
                        "cancelSessionResponse",
                        "pendingNotification"
                    }) {
                        json.put(field, ProbeDevice.base64(element));
                    }
                    json.put("smdpAddress", server.address());
                    byte[] body = round % 3 == 0 ? noise : json.toBuffer().getBytes();
                    int plain = device.post(function.path(), "application/json", body)
                            .statusCode();
                    byte[] wrapped = Tlv.constructed(0xA2, Tlv.constructed(function.tag(), framed))
                            .raw();
                    int asn1 = device.post(
                                    function.path(), "application/x-gsma-rsp-asn1", round % 2 == 0 ? noise : wrapped)
                            .statusCode();
                    assertThat(plain).isLessThan(500);
                    assertThat(asn1).isLessThan(500);
                }
            }
            assertThat(device.post("initiateAuthentication", "text/plain", new byte[1])
                            .statusCode())
                    .isEqualTo(415);
            assertThat(device.post("initiateAuthentication", "application/json", new byte[16 * 1024 + 1])
                            .statusCode())
                    .isEqualTo(413);
        }
    }

    private static Tlv asn1(ProbeDevice device, String function, Tlv request) throws Exception {
        HttpResponse<byte[]> response = device.post(
                function,
                "application/x-gsma-rsp-asn1",
                Tlv.constructed(0xA2, request).raw());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/x-gsma-rsp-asn1");
        return Tlv.parse(response.body(), TlvLimits.PACKAGE).expect(0xA2);
    }

    private static void set(DeviceServer.Ordered ordered, String assignment) {
        TestDatabase.execute(
                server.config(), "UPDATE profile SET " + assignment + " WHERE id = " + ordered.profileId());
    }
}
