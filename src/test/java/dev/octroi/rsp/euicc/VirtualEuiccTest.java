package dev.octroi.rsp.euicc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.pki.gsma.GsmaCredential;
import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.CertificateMaker;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.cert.MadeCertificate;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The card against a server that keeps the standard, and against one that breaks it in one place at a time. */
final class VirtualEuiccTest {
    private static final Provider BC = new BouncyCastleProvider();
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    private static final String EID = GsmaEid.test(1);
    private static final List<String> HOSTS = List.of("localhost");

    @TempDir
    static Path folder;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static GsmaTestPki pki;
    private static GsmaTestPki brainpool;
    private static GsmaTestPki foreign;

    private VirtualEuicc card;
    private TestSmdp server;

    @BeforeAll
    static void makePki() throws Exception {
        InstantSource clock = InstantSource.fixed(NOW);
        pki = GsmaTestPki.open(folder.resolve("gsma"), HOSTS, clock, RANDOM);
        brainpool = GsmaTestPki.open(
                folder.resolve("gsma"), GsmaCurve.BRAINPOOL_P256R1, HOSTS, GsmaTestPki.SMDP_OID, clock, RANDOM);
        foreign = GsmaTestPki.open(folder.resolve("foreign"), GsmaCurve.P256, HOSTS, "2.999.12", clock, RANDOM);
    }

    @BeforeEach
    void newCard() {
        card = VirtualEuicc.create(pki, EID, InstantSource.fixed(NOW), RANDOM);
        server = new TestSmdp(pki.material(), RANDOM);
    }

    @Test
    void downloadInstallsTheProfileDisabled() throws Exception {
        PendingNotification result = download();
        assertThat(isSuccess(result)).isTrue();
        assertThat(card.profiles()).singleElement().satisfies(profile -> {
            assertThat(profile.iccid()).isEqualTo(TestSmdp.ICCID);
            assertThat(profile.enabled()).isFalse();
            assertThat(profile.profileName()).isEqualTo("France 3 GB");
            assertThat(profile.smdpOid()).isEqualTo("2.999.10");
        });
    }

    @Test
    void resultIsSignedByTheCardOverItsData() throws Exception {
        PendingNotification result = download();
        Tlv data = result.message().require(0xBF27);
        assertThat(verifies(result.message().require(0x5F37), data)).isTrue();
        assertThat(data.require(0x80).value()).isEqualTo(server.transactionId);
        assertThat(data.require(0xBF2F).require(0x81).value()).containsExactly(0x07, (byte) 0x80);
        assertThat(data.require(0xBF2F).require(0x0C).asUtf8()).isEqualTo(TestSmdp.ADDRESS);
        assertThat(data.require(0xBF2F).require(0x80).asInt()).isEqualTo(1);
    }

    @Test
    void longProfileArrivesInManySegments() throws Exception {
        server.profilePadding = 60_000;
        assertThat(isSuccess(download())).isTrue();
        assertThat(card.profiles().getFirst().sizeBytes()).isGreaterThan(60_000);
    }

    @Test
    void profileUnderProtectionKeysIsInstalled() throws Exception {
        server.protectionKeys = true;
        server.profilePadding = 5_000;
        assertThat(isSuccess(download())).isTrue();
    }

    @Test
    void metadataWithIconArrivesInSeveralSegments() throws Exception {
        server.icon = new byte[1024];
        assertThat(isSuccess(download())).isTrue();
    }

    @Test
    void brainpoolCardDownloadsFromBrainpoolServer() throws Exception {
        card = VirtualEuicc.create(
                List.of(pki, brainpool), EID, CardFacts.standard(), InstantSource.fixed(NOW), RANDOM);
        server = new TestSmdp(brainpool.material(), RANDOM);
        assertThat(isSuccess(download())).isTrue();
        assertThat(card.euiccInfo1().require(0xA9).children()).hasSize(2);
    }

    @Test
    void serverOfAnotherCiIsRefused() throws Exception {
        server = new TestSmdp(foreign.material(), RANDOM);
        assertThat(authenticateError()).isEqualTo(7);
    }

    @Test
    void foreignCertificateUnderAKnownCiNameIsRefused() throws Exception {
        server.auth = foreign.material().dpAuth();
        assertThat(authenticateError()).isEqualTo(1);
    }

    @Test
    void certificateOfAnotherRoleIsRefused() throws Exception {
        server.auth = pki.material().dpPb();
        assertThat(authenticateError()).isEqualTo(1);
        assertThat(card.lastRefusal()).contains("policy of another role");
    }

    @Test
    void alteredCertificateIsRefused() throws Exception {
        Tlv request = server.authenticateServerRequest(card.euiccChallenge());
        byte[] altered = request.raw();
        // The last bytes before the context parameters belong to the signature of the certificate.
        altered[altered.length - request.require(0xA0).rawLength() - 5] ^= 1;
        assertThat(error(card.authenticateServer(Tlv.parse(altered)))).isEqualTo(1);
    }

    @Test
    void certificateWithoutTheOidOfItsOwnerIsRefused() throws Exception {
        CertificateMaker maker = CertificateMaker.server(Curve.P256, 4, GsmaTestPki.SMDP_OID)
                .valid(NOW.minusSeconds(60), NOW.plusSeconds(60));
        GsmaCredential ci = pki.material().ci();
        MadeCertificate root = new MadeCertificate(
                ci.certificateDer(),
                new KeyPair(ci.certificate().getPublicKey(), ci.privateKey()),
                X500Name.getInstance(ci.certificate().getSubjectX500Principal().getEncoded()));
        server.auth = credential(maker.issuedBy(root));
        authenticated();
        server.auth = credential(maker.withoutOid().issuedBy(root));
        assertThat(authenticateError()).isEqualTo(5);
    }

    private static GsmaCredential credential(MadeCertificate made) throws Exception {
        X509Certificate certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509", BC).generateCertificate(new ByteArrayInputStream(made.der()));
        return new GsmaCredential(certificate, made.keys().getPrivate());
    }

    @Test
    void expiredCertificateIsRefused() throws Exception {
        InstantSource late = InstantSource.fixed(NOW.plus(Duration.ofDays(5 * 365)));
        card = VirtualEuicc.create(pki, EID, late, RANDOM);
        assertThat(authenticateError()).isEqualTo(1);
        assertThat(card.lastRefusal()).contains("expired");
    }

    @Test
    void wrongSignatureOfTheServerIsRefused() throws Exception {
        server.spoilSignature1 = true;
        assertThat(authenticateError()).isEqualTo(2);
    }

    @Test
    void answerToAnotherChallengeIsRefused() throws Exception {
        card.euiccChallenge();
        assertThat(error(card.authenticateServer(server.authenticateServerRequest(new byte[16]))))
                .isEqualTo(6);
    }

    @Test
    void answerWithoutChallengeIsRefused() throws Exception {
        assertThat(error(card.authenticateServer(server.authenticateServerRequest(new byte[16]))))
                .isEqualTo(4);
    }

    @Test
    void malformedRequestIsAnsweredWithAnError() throws Exception {
        assertThat(error(card.authenticateServer(Tlv.constructed(0xBF38)))).isEqualTo(127);
        assertThat(error(card.prepareDownload(Tlv.constructed(0xBF21)))).isEqualTo(127);
    }

    @Test
    void cardProvesItselfOverTheServersChallenge() throws Exception {
        Tlv request = server.authenticateServerRequest(card.euiccChallenge());
        Tlv ok = card.authenticateServer(request).require(0xA0);
        Tlv signed = ok.children().getFirst();
        assertThat(verifies(ok.require(0x5F37), signed)).isTrue();
        assertThat(signed.require(0x84)).isEqualTo(request.require(0x30).require(0x84));
        assertThat(signed.require(0xA0).require(0x80).asUtf8()).isEqualTo("TOKEN");
        assertThat(signed.require(0xBF22).require(0x82).value()).containsExactly(2, 5, 0);
    }

    @Test
    void bindingCertificateOfAnotherServerIsRefused() throws Exception {
        GsmaTestPki other =
                GsmaTestPki.open(copyOfRoot(), GsmaCurve.P256, HOSTS, "2.999.12", InstantSource.fixed(NOW), RANDOM);
        server.binding = other.material().dpPb();
        assertThat(prepareError()).isEqualTo(1);
        assertThat(card.lastRefusal()).contains("binding certificate of another SM-DP+");
    }

    @Test
    void bindingCertificateOfAnotherRoleIsRefused() throws Exception {
        server.binding = pki.material().dpAuth();
        assertThat(prepareError()).isEqualTo(1);
    }

    @Test
    void wrongSecondSignatureIsRefused() throws Exception {
        server.spoilSignature2 = true;
        assertThat(prepareError()).isEqualTo(2);
    }

    @Test
    void otherTransactionInTheSecondMessageIsRefused() throws Exception {
        server.bindingTransactionId = new byte[16];
        assertThat(prepareError()).isEqualTo(5);
    }

    @Test
    void preparingWithoutAuthenticationIsRefused() throws Exception {
        Tlv request = server.prepareDownloadRequest(authenticated(), new byte[0]);
        card.euiccChallenge();
        assertThat(error(card.prepareDownload(request))).isEqualTo(4);
    }

    @Test
    void confirmationCodeIsSignedWhenRequired() throws Exception {
        server.codeRequired = true;
        Tlv authenticated = authenticated();
        assertThat(error(card.prepareDownload(server.prepareDownloadRequest(authenticated, new byte[0]))))
                .isEqualTo(127);
        byte[] hash = new byte[32];
        hash[0] = 1;
        Tlv ok = card.prepareDownload(server.prepareDownloadRequest(authenticated, hash));
        assertThat(ok.require(0xA0).require(0x30).require(0x04).value()).isEqualTo(hash);
    }

    @Test
    void keyOfABrokenDownloadIsOfferedAgain() throws Exception {
        byte[] first = oneTimeKey(Optional.empty());
        assertThat(oneTimeKey(Optional.of(first))).isEqualTo(first);
        assertThat(oneTimeKey(Optional.empty())).isNotEqualTo(first);
    }

    @Test
    void packageForAnotherCardIsRefused() throws Exception {
        server.keyEid = GsmaEid.test(2);
        assertRefused(1, ErrorReason.SCP03T_SECURITY_ERROR);
    }

    @Test
    void wrongSignatureOfThePackageIsRefused() throws Exception {
        server.spoilPackageSignature = true;
        assertRefused(0, ErrorReason.INVALID_SIGNATURE);
    }

    @Test
    void packageOfAnotherTransactionIsRefused() throws Exception {
        server.packageTransactionId = new byte[] {1};
        assertRefused(0, ErrorReason.INVALID_TRANSACTION_ID);
    }

    @Test
    void otherOperationThanInstallationIsRefused() throws Exception {
        server.operation = 2;
        assertRefused(0, ErrorReason.UNSUPPORTED_REMOTE_OPERATION_TYPE);
    }

    @Test
    void otherKeysThanAesAreRefused() throws Exception {
        server.keyType = 0x80;
        assertRefused(0, ErrorReason.UNSUPPORTED_CRT_VALUES);
    }

    @Test
    void segmentLongerThanTheLimitIsRefused() throws Exception {
        server.segmentBytes = 1008;
        server.profilePadding = 3_000;
        assertRefused(5, ErrorReason.SCP03T_STRUCTURE_ERROR);
    }

    @Test
    void alteredBitInAnySegmentIsRefused() throws Exception {
        server.profilePadding = 3_000;
        for (int segment = 1; segment < 8; segment++) {
            Tlv bound = prepared();
            List<byte[]> segments = BoundPackageSegments.cut(bound);
            byte[] altered = segments.get(segment);
            // The last byte before the MAC; a bare header has a length to spoil instead.
            altered[Math.max(altered.length - 9, altered.length > 9 ? 0 : altered.length - 1)] ^= 0x40;
            PendingNotification result = load(segments);
            assertThat(isSuccess(result)).as("segment %d", segment).isFalse();
        }
        assertThat(card.profiles()).isEmpty();
    }

    @Test
    void swappedSegmentsAreRefused() throws Exception {
        server.profilePadding = 3_000;
        List<byte[]> segments = BoundPackageSegments.cut(prepared());
        int last = segments.size() - 1;
        byte[] first = segments.get(last - 2);
        segments.set(last - 2, segments.get(last - 1));
        segments.set(last - 1, first);
        assertThat(reason(load(segments))).isEqualTo(ErrorReason.SCP03T_SECURITY_ERROR.code());
    }

    @Test
    void headerWithAnotherNumberIsRefused() throws Exception {
        server.headerIccid = "8933012345678901246";
        server.fileIccid = server.headerIccid;
        assertRefused(5, ErrorReason.DATA_MISMATCH);
    }

    @Test
    void headerWithSwappedNibblesIsRefused() throws Exception {
        // What a server sends that copies the bytes of the metadata into the header.
        server.headerIccid = "983310325476981032F8";
        assertRefused(5, ErrorReason.DATA_MISMATCH);
    }

    @Test
    void fileWithAnotherNumberIsRefused() throws Exception {
        server.fileIccid = "8933012345678901246";
        assertRefused(5, ErrorReason.DATA_MISMATCH);
    }

    @Test
    void profileThatIsOnTheCardIsRefused() throws Exception {
        assertThat(isSuccess(download())).isTrue();
        assertRefused(2, ErrorReason.ICCID_ALREADY_EXISTS);
        assertThat(card.profiles()).hasSize(1);
    }

    @Test
    void profileLargerThanTheMemoryIsRefused() throws Exception {
        card = VirtualEuicc.create(
                List.of(pki), EID, new CardFacts("2.5.0", 4_000, "35290611"), InstantSource.fixed(NOW), RANDOM);
        server.profilePadding = 5_000;
        assertRefused(5, ErrorReason.INSUFFICIENT_MEMORY);
    }

    @Test
    void eventsAreToldToWhomTheMetadataNames() throws Exception {
        download();
        card.removeNotification(1);
        assertThat(card.notifications()).extracting(PendingNotification::event).containsExactly(CardEvent.INSTALL);
        assertThat(card.enable(TestSmdp.ICCID)).isZero();
        assertThat(card.disable(TestSmdp.ICCID)).isZero();
        assertThat(card.delete(TestSmdp.ICCID)).isZero();
        assertThat(card.profiles()).isEmpty();
        assertThat(card.notifications())
                .extracting(PendingNotification::event)
                .containsExactly(CardEvent.INSTALL, CardEvent.ENABLE, CardEvent.DISABLE, CardEvent.DELETE);
        for (PendingNotification notification : card.notifications()) {
            assertThat(notification.address()).isEqualTo("notify.example.com");
            Tlv message = notification.message();
            assertThat(verifies(message.require(0x5F37), message.require(0xBF2F)))
                    .isTrue();
            assertThat(message.children()).hasSize(4);
        }
    }

    @Test
    void onlyConfiguredEventsAreTold() throws Exception {
        server.notificationBits = "0640";
        download();
        card.enable(TestSmdp.ICCID);
        card.disable(TestSmdp.ICCID);
        assertThat(card.notifications())
                .extracting(PendingNotification::event)
                .containsExactly(CardEvent.INSTALL, CardEvent.ENABLE);
    }

    @Test
    void enablingOneDisablesTheOther() throws Exception {
        download();
        String second = "8933012345678901246";
        server.headerIccid = server.fileIccid = server.metadataIccid = second;
        download();
        card.enable(TestSmdp.ICCID);
        card.enable(second);
        assertThat(card.profiles()).extracting(CardProfile::enabled).containsExactly(false, true);
        List<PendingNotification> last = card.notifications();
        assertThat(last.subList(last.size() - 2, last.size()))
                .extracting(PendingNotification::event, PendingNotification::iccid)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(CardEvent.DISABLE, TestSmdp.ICCID),
                        org.assertj.core.groups.Tuple.tuple(CardEvent.ENABLE, second));
    }

    @Test
    void profileInTheWrongStateIsLeftAlone() throws Exception {
        download();
        assertThat(card.disable(TestSmdp.ICCID)).isEqualTo(2);
        assertThat(card.enable("8900000000000000000")).isEqualTo(1);
        card.enable(TestSmdp.ICCID);
        assertThat(card.enable(TestSmdp.ICCID)).isEqualTo(2);
        assertThat(card.delete(TestSmdp.ICCID)).isEqualTo(2);
    }

    @Test
    void policyRulesForbidDisablingAndDeleting() throws Exception {
        server.rules = new byte[] {0x05, 0x60};
        download();
        assertThat(card.delete(TestSmdp.ICCID)).isEqualTo(3);
        card.enable(TestSmdp.ICCID);
        assertThat(card.disable(TestSmdp.ICCID)).isEqualTo(3);
    }

    @Test
    void cancellingIsSignedWithTheServersOid() throws Exception {
        authenticated();
        Tlv response = card.cancelSession(server.transactionId, 1);
        Tlv signed = response.require(0xA0).require(0x30);
        assertThat(verifies(response.require(0xA0).require(0x5F37), signed)).isTrue();
        assertThat(signed.require(0x82).asInt()).isEqualTo(1);
        assertThat(card.cancelSession(server.transactionId, 1).require(0x81).asInt())
                .isEqualTo(5);
    }

    @Test
    void stateSurvivesTheLossOfPower() throws Exception {
        download();
        card.enable(TestSmdp.ICCID);
        Path file = folder.resolve("card.json");
        StoredCard.write(file, card.state());
        StoredCard.write(file, card.state());
        VirtualEuicc again = new VirtualEuicc(StoredCard.read(file), InstantSource.fixed(NOW), RANDOM);
        assertThat(again.state()).isEqualTo(card.state());
        assertThat(again.profiles()).isEqualTo(card.profiles());
        assertThat(again.disable(TestSmdp.ICCID)).isZero();
        assertThat(again.notifications().getLast().sequenceNumber()).isEqualTo(4);
    }

    @Test
    void nothingThatPrintsTheCardShowsANumber() throws Exception {
        download();
        String printed = card + " " + card.state() + " " + card.profiles() + " " + card.notifications();
        assertThat(printed).doesNotContain(EID).doesNotContain(TestSmdp.ICCID);
    }

    private int authenticateError() throws Exception {
        return error(card.authenticateServer(server.authenticateServerRequest(card.euiccChallenge())));
    }

    private int prepareError() throws Exception {
        return error(card.prepareDownload(server.prepareDownloadRequest(authenticated(), new byte[0])));
    }

    private Tlv authenticated() throws Exception {
        Tlv response = card.authenticateServer(server.authenticateServerRequest(card.euiccChallenge()));
        assertThat(response.find(0xA0)).as(card.lastRefusal().orElse("")).isPresent();
        return response;
    }

    private Tlv prepared() throws Exception {
        Tlv response = card.prepareDownload(server.prepareDownloadRequest(authenticated(), new byte[0]));
        assertThat(response.find(0xA0)).as(card.lastRefusal().orElse("")).isPresent();
        return server.boundPackage(response, EID);
    }

    private PendingNotification download() throws Exception {
        return load(BoundPackageSegments.cut(prepared()));
    }

    private PendingNotification load(List<byte[]> segments) {
        for (byte[] segment : segments) {
            Optional<PendingNotification> result = card.loadSegment(segment);
            if (result.isPresent()) {
                return result.get();
            }
        }
        throw new AssertionError("no result");
    }

    private void assertRefused(int command, ErrorReason reason) throws Exception {
        int before = card.profiles().size();
        PendingNotification result = download();
        Tlv error = result.message().require(0xBF27).require(0xA2).require(0xA1);
        assertThat(error.require(0x81).asInt()).isEqualTo(reason.code());
        assertThat(error.require(0x80).asInt()).isEqualTo(command);
        assertThat(verifies(result.message().require(0x5F37), result.message().require(0xBF27)))
                .isTrue();
        assertThat(card.profiles()).hasSize(before);
    }

    private byte[] oneTimeKey(Optional<byte[]> boundBefore) throws Exception {
        server.boundBefore = boundBefore.orElse(new byte[0]);
        Tlv response = card.prepareDownload(server.prepareDownloadRequest(authenticated(), new byte[0]));
        return response.require(0xA0).require(0x30).require(0x5F49).value();
    }

    private static boolean isSuccess(PendingNotification result) throws Exception {
        return result.message().require(0xBF27).require(0xA2).find(0xA0).isPresent();
    }

    private static int reason(PendingNotification result) throws Exception {
        return result.message()
                .require(0xBF27)
                .require(0xA2)
                .require(0xA1)
                .require(0x81)
                .asInt();
    }

    private static int error(Tlv response) throws Exception {
        return response.require(0xA1).require(0x02).asInt();
    }

    private boolean verifies(Tlv signature, Tlv data) throws Exception {
        byte[] der = java.util.Base64.getDecoder()
                .decode(card.state().identities().getFirst().euiccCertificate());
        X509Certificate certificate = (X509Certificate) java.security.cert.CertificateFactory.getInstance("X.509", BC)
                .generateCertificate(new java.io.ByteArrayInputStream(der));
        Signature verifier = Signature.getInstance("SHA256withPLAIN-ECDSA", BC);
        verifier.initVerify(certificate.getPublicKey());
        verifier.update(data.raw());
        return verifier.verify(signature.value());
    }

    /** A folder with the same root but without the server's certificates. */
    private static Path copyOfRoot() throws Exception {
        Path copy = folder.resolve("copy");
        Path p256 = java.nio.file.Files.createDirectories(copy.resolve("p256"));
        for (String name : Arrays.asList("ci.pem", "ci.key")) {
            java.nio.file.Files.copy(
                    pki.material().directory().resolve(name),
                    p256.resolve(name),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        return copy;
    }
}
