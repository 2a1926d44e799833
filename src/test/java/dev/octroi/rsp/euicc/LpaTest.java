package dev.octroi.rsp.euicc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.asn1.Tlv;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The LPA over real TLS against a small server that was written apart from the product's. */
final class LpaTest {
    private static final Instant NOW = Instant.now();
    private static final String EID = GsmaEid.test(5);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final List<String> HOSTS = List.of("localhost");

    @TempDir
    static Path folder;

    private static GsmaTestPki pki;
    private static GsmaTestPki foreign;

    private VirtualEuicc card;
    private TestEs9Server server;
    private Lpa lpa;

    @BeforeAll
    static void makePki() throws Exception {
        InstantSource clock = InstantSource.fixed(NOW.minusSeconds(60));
        pki = GsmaTestPki.open(folder.resolve("gsma"), HOSTS, clock, RANDOM);
        foreign =
                GsmaTestPki.open(folder.resolve("foreign"), GsmaCurve.P256, HOSTS, GsmaTestPki.SMDP_OID, clock, RANDOM);
    }

    @BeforeEach
    void start() throws Exception {
        card = VirtualEuicc.create(pki, EID, InstantSource.fixed(NOW), RANDOM);
        server = new TestEs9Server(
                new TestSmdp(pki.material(), RANDOM), pki.material().dpTls(), EID);
        lpa = newLpa();
    }

    private Lpa newLpa() {
        LpaSettings settings = LpaSettings.standard().pausing(Duration.ofMillis(1));
        return new Lpa(card, LpaTrust.of(card.ciCertificates()), settings);
    }

    @AfterEach
    void stop() {
        lpa.close();
        server.close();
    }

    private String code() {
        return "LPA:1$" + server.address() + "$TOKEN$2.999.10";
    }

    @Test
    void downloadCallsTheFunctionsInOrderAndSendsTheResult() throws Exception {
        DownloadReport report = lpa.download(code());
        assertThat(report.iccid()).isEqualTo(TestSmdp.ICCID);
        assertThat(server.calls)
                .containsExactly(
                        "initiateAuthentication", "authenticateClient", "getBoundProfilePackage", "handleNotification");
        assertThat(report.steps())
                .extracting(DownloadReport.Step::name)
                .containsExactly(
                        "initiateAuthentication",
                        "AuthenticateServer",
                        "authenticateClient",
                        "PrepareDownload",
                        "getBoundProfilePackage",
                        "LoadBoundProfilePackage");
        assertThat(Tlv.parse(server.notifications.getFirst()).tag()).isEqualTo(0xBF37);
        assertThat(card.notifications()).isEmpty();
    }

    @Test
    void enablingSendsTheNotification() throws Exception {
        lpa.enable(lpa.download(code()).iccid());
        Tlv sent = Tlv.parse(server.notifications.getLast());
        assertThat(sent.require(0xBF2F).require(0x81).value()).containsExactly(0x06, 0x40);
        assertThat(card.profiles().getFirst().enabled()).isTrue();
    }

    @Test
    void notificationIsSentAgainUntilItIsTaken() throws Exception {
        server.failNotifications = 2;
        lpa.download(code());
        assertThat(server.notifications).hasSize(1);
        assertThat(card.notifications()).isEmpty();
    }

    @Test
    void notificationThatNobodyTakesStaysOnTheCard() throws Exception {
        server.failNotifications = 3;
        lpa.download(code());
        assertThat(card.notifications()).hasSize(1);
        assertThat(lpa.sendNotifications()).isEqualTo(1);
        assertThat(card.notifications()).isEmpty();
    }

    @Test
    void secondConfirmationCodeIsTriedInTheSameSession() throws Exception {
        server.smdp.codeRequired = true;
        server.refuseCodes = 1;
        Iterator<String> codes = List.of("wrong", "right").iterator();
        lpa.download(ActivationCode.parse(code() + "$1"), () -> Optional.of(codes.next()));
        assertThat(server.calls).containsOnlyOnce("initiateAuthentication");
        assertThat(card.profiles()).hasSize(1);
    }

    @Test
    void withoutConfirmationCodeTheSessionIsCancelled() {
        server.smdp.codeRequired = true;
        assertThat(failure().source()).isEqualTo(LpaException.Source.LPA);
        assertThat(server.calls).endsWith("cancelSession");
    }

    @Test
    void statusOfTheServerIsKept() {
        server.spoil.put("authenticateClient", answer -> TestEs9Server.refuse(answer, "8.2.6", "3.8"));
        LpaException failure = failure();
        assertThat(failure.source()).isEqualTo(LpaException.Source.SERVER);
        assertThat(failure.status()).contains("8.2.6/3.8");
        assertThat(failure.step()).isEqualTo("authenticateClient");
    }

    @Test
    void otherMetadataInThePackageIsCancelled() {
        server.smdp.icon = new byte[10];
        server.metadataShown = server.smdp.metadata().raw();
        server.smdp.icon = new byte[11];
        assertThat(failure()).hasMessageContaining("other metadata");
        assertThat(server.calls).endsWith("cancelSession");
        assertThat(card.profiles()).isEmpty();
    }

    @Test
    void failedInstallationIsReported() throws Exception {
        lpa.download(code());
        LpaException failure = failure();
        assertThat(failure.source()).isEqualTo(LpaException.Source.CARD);
        assertThat(failure).hasMessageContaining("reason 9");
        Tlv sent = Tlv.parse(server.notifications.getLast());
        assertThat(sent.require(0xBF27).require(0xA2).find(0xA1)).isPresent();
        assertThat(card.notifications()).isEmpty();
    }

    @Test
    void refusalOfTheCardIsReportedToTheServer() {
        server.smdp.spoilSignature1 = true;
        LpaException failure = failure();
        assertThat(failure.source()).isEqualTo(LpaException.Source.CARD);
        assertThat(failure).hasMessageContaining("error 2");
        assertThat(server.calls).endsWith("authenticateClient");
    }

    @Test
    void otherAddressInTheSignedDataIsRefused() {
        server.smdp.address = "elsewhere.example.com";
        assertThat(failure()).hasMessageContaining("another address");
    }

    @Test
    void otherOidThanInTheActivationCodeIsRefused() {
        LpaException failure = catchThrowableOfType(
                LpaException.class, () -> lpa.download("LPA:1$" + server.address() + "$TOKEN$2.999.12"));
        assertThat(failure).hasMessageContaining("another OID");
    }

    @Test
    void answersThatBreakTheStandardAreRefused() {
        assertRefused("initiateAuthentication", answer -> answer.remove("serverSigned1"));
        assertRefused("initiateAuthentication", answer -> answer.put("serverSigned1", "no base64!"));
        assertRefused("initiateAuthentication", answer -> answer.put("transactionId", "xyz"));
        assertRefused("initiateAuthentication", answer -> answer.put("transactionId", "00"));
        assertRefused("initiateAuthentication", answer -> answer.remove("header"));
        assertRefused("authenticateClient", answer -> answer.put("transactionId", "00"));
        assertRefused("authenticateClient", answer -> answer.set("smdpSigned2", answer.path("smdpSignature2")));
        assertRefused("getBoundProfilePackage", answer -> answer.put("boundProfilePackage", "AAAA"));
    }

    @Test
    void answerThatIsNotJsonByItsTypeIsRefused() {
        server.headers.put("Content-Type", "text/html");
        assertThat(failure()).hasMessageContaining("not application/json");
    }

    @Test
    void answerWithoutProtocolVersionIsRefused() {
        server.headers.put("X-Admin-Protocol", "none");
        assertThat(failure()).hasMessageContaining("X-Admin-Protocol");
    }

    @Test
    void serverOfAForeignCiIsNotTrusted() throws Exception {
        server.close();
        server = new TestEs9Server(
                new TestSmdp(pki.material(), RANDOM), foreign.material().dpTls(), EID);
        assertThat(failure().source()).isEqualTo(LpaException.Source.NETWORK);
        assertThat(server.calls).isEmpty();
    }

    @Test
    void serverUnderAnotherNameIsNotTrusted() {
        LpaSettings settings = LpaSettings.standard()
                .withEndpoint(URI.create("https://127.0.0.1:" + server.address().split(":", -1)[1]));
        try (Lpa other = new Lpa(card, LpaTrust.of(card.ciCertificates()), settings)) {
            LpaException failure = catchThrowableOfType(LpaException.class, () -> other.download(code()));
            assertThat(failure.source()).isEqualTo(LpaException.Source.NETWORK);
        }
        assertThat(server.calls).isEmpty();
    }

    @Test
    void tlsCertificateOfAnotherRoleIsRefused() throws Exception {
        server.close();
        server = new TestEs9Server(
                new TestSmdp(pki.material(), RANDOM), pki.material().dpAuth(), EID);
        assertThat(failure()).isNotNull();
        assertThat(card.profiles()).isEmpty();
    }

    @Test
    void asn1BindingDoesTheSame() throws Exception {
        LpaSettings settings = LpaSettings.standard().inAsn1();
        try (Lpa other = new Lpa(card, LpaTrust.of(card.ciCertificates()), settings)) {
            other.enable(other.download(code()).iccid());
            server.spoil.put("authenticateClient", answer -> TestEs9Server.refuse(answer, "8.2.6", "3.8"));
            LpaException failure = catchThrowableOfType(LpaException.class, () -> other.download(code()));
            assertThat(failure.status()).contains("8.2.6/3.8");
        }
        assertThat(server.notifications).hasSize(2);
    }

    @Test
    void brainpoolServerIsReachedOverTlsOnP256() throws Exception {
        GsmaTestPki brainpool = GsmaTestPki.open(
                folder.resolve("gsma"),
                GsmaCurve.BRAINPOOL_P256R1,
                HOSTS,
                GsmaTestPki.SMDP_OID,
                InstantSource.fixed(NOW.minusSeconds(60)),
                RANDOM);
        server.close();
        server = new TestEs9Server(
                new TestSmdp(brainpool.material(), RANDOM), pki.material().dpTls(), EID);
        card = VirtualEuicc.create(
                List.of(pki, brainpool), EID, CardFacts.standard(), InstantSource.fixed(NOW), RANDOM);
        try (Lpa other = newLpa()) {
            other.enable(other.download(code()).iccid());
        }
        Tlv certificate = Tlv.parse(server.notifications.getLast()).children().get(2);
        assertThat(CardCertificate.read(certificate).curve()).isEqualTo(CardCurve.BRAINPOOL_P256R1);
    }

    @Test
    void downloadThatBreaksOffAnywhereCanBeginAgain() throws Exception {
        List<String> seen = new ArrayList<>();
        for (String last : List.of(
                "initiateAuthentication",
                "AuthenticateServer",
                "authenticateClient",
                "PrepareDownload",
                "getBoundProfilePackage",
                "LoadBoundProfilePackage")) {
            Lpa breaking = lpa.observedBy(step -> {
                seen.add(step);
                if (step.equals(last)) {
                    throw new IllegalStateException("no network");
                }
            });
            assertThatIllegalStateException().isThrownBy(() -> breaking.download(code()));
            assertThat(seen).endsWith(last);
            assertThat(card.profiles()).isEmpty();
        }
        lpa.download(code());
        assertThat(card.profiles()).hasSize(1);
    }

    @Test
    void manyPhonesDownloadAtOnce() throws Exception {
        List<DownloadLoad.Errand> errands = List.of(new DownloadLoad.Errand(card, code()));
        DownloadLoad load = new DownloadLoad(LpaTrust.of(card.ciCertificates()), LpaSettings.standard(), 4);
        DownloadLoad.Outcome outcome = load.run(errands);
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.installed()).isEqualTo(1);
        assertThat(outcome.percentileMs(0.99)).isPositive();
        // The profile is on the card now: the second errand fails, and the count says how.
        assertThat(load.run(errands).failures())
                .containsExactly(java.util.Map.entry("LoadBoundProfilePackage CARD", 1));
    }

    private void assertRefused(String function, Consumer<ObjectNode> change) {
        server.spoil.clear();
        server.spoil.put(function, change);
        assertThat(failure().source()).as(function).isEqualTo(LpaException.Source.LPA);
        assertThat(card.profiles()).isEmpty();
    }

    private LpaException failure() {
        LpaException failure = catchThrowableOfType(LpaException.class, () -> lpa.download(code()));
        assertThat(failure).isNotNull();
        return failure;
    }
}
