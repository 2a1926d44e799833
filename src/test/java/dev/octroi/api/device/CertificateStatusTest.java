package dev.octroi.api.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.octroi.pki.gsma.GsmaCredential;
import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.CertificateMaker;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.cert.MadeCertificate;
import dev.octroi.rsp.cert.RevocationListMaker;
import dev.octroi.rsp.cert.TrustedIssuer;
import dev.octroi.rsp.session.ServerCredential;
import dev.octroi.rsp.session.ServerIdentity;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device is told of each thing that can be wrong with certificates, and what it does not notice of a change. */
class CertificateStatusTest {
    private static final String ISSUER_UNKNOWN = "8.11.1/3.9";
    private static final String MANUFACTURER_INVALID = "8.1.2/6.1";
    private static final String MANUFACTURER_EXPIRED = "8.1.2/6.3";
    private static final String CARD_INVALID = "8.1.3/6.1";
    private static final String CARD_EXPIRED = "8.1.3/6.3";
    private static final AtomicLong CARDS = new AtomicLong(90_000);

    @TempDir
    private static Path folder;

    private static DeviceServer server;
    private static ServerIdentity usual;
    private static MadeCertificate ci;

    private final Instant now = Instant.now();
    private RawDevice device;
    private String eid;
    private MadeCertificate eum;

    @BeforeAll
    static void start() throws Exception {
        server = DeviceServer.start(folder, GsmaCurve.P256);
        usual = server.identity();
        GsmaCredential root = server.pki().material().ci();
        X509Certificate certificate = root.certificate();
        ci = new MadeCertificate(
                root.certificateDer(),
                new KeyPair(certificate.getPublicKey(), root.privateKey()),
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void order() throws Exception {
        eid = GsmaEid.test(CARDS.incrementAndGet());
        device = new RawDevice(server, eid);
        device.matchingId = server.order().profile().matchingId().reveal();
        eum = CertificateMaker.eum(Curve.P256).issuedBy(ci);
    }

    @AfterEach
    void close() {
        device.close();
        server.identity(usual);
    }

    private static GsmaCredential credential(MadeCertificate made) throws Exception {
        X509Certificate certificate =
                (X509Certificate) CertificateFactory.getInstance("X.509", new BouncyCastleProvider())
                        .generateCertificate(new ByteArrayInputStream(made.der()));
        return new GsmaCredential(certificate, made.keys().getPrivate());
    }

    private String statusOf(MadeCertificate manufacturer, MadeCertificate card) throws Exception {
        device.eum = credential(manufacturer);
        device.euicc = credential(card);
        assertThat(RawDevice.status(device.initiate())).isEqualTo("ok");
        return RawDevice.status(device.authenticate());
    }

    private MadeCertificate card() throws Exception {
        return CertificateMaker.euicc(Curve.P256, eid).issuedBy(eum);
    }

    private static void identity(TrustedIssuer issuer) {
        server.identity(new ServerIdentity(usual.address(), usual.credentials(), List.of(issuer)));
    }

    @Test
    void aCardOfATrustedManufacturerIsServed() throws Exception {
        assertThat(statusOf(eum, card())).isEqualTo("ok");
    }

    @Test
    void aManufacturerOfAnotherCi() throws Exception {
        MadeCertificate foreign = CertificateMaker.eum(Curve.P256)
                .issuedBy(CertificateMaker.ci(Curve.P256).selfSigned());
        assertThat(statusOf(foreign, CertificateMaker.euicc(Curve.P256, eid).issuedBy(foreign)))
                .isEqualTo(ISSUER_UNKNOWN);
    }

    @Test
    void aCiThatIsNoLongerBelievedWhenTheCardAnswers() throws Exception {
        device.initiate();
        identity(TrustedIssuer.of(CertificateMaker.ci(Curve.P256).selfSigned().der(), null));
        assertThat(RawDevice.status(device.authenticate())).isEqualTo(ISSUER_UNKNOWN);
    }

    @Test
    void aManufacturerInTheWrongRole() throws Exception {
        MadeCertificate wrong =
                CertificateMaker.server(Curve.P256, 4, "2.999.10").issuedBy(ci);
        assertThat(statusOf(wrong, CertificateMaker.euicc(Curve.P256, eid).issuedBy(wrong)))
                .isEqualTo(MANUFACTURER_INVALID);
    }

    @Test
    void aManufacturerWithoutAPathLength() throws Exception {
        eum = CertificateMaker.authority(Curve.P256, "O=RSP Test EUM", "2.23.146.1.2.1.2", null)
                .issuedBy(ci);
        assertThat(statusOf(eum, card())).isEqualTo(MANUFACTURER_INVALID);
    }

    @Test
    void aRevokedManufacturer() throws Exception {
        byte[] list = RevocationListMaker.of(ci, now).revoke(eum).der();
        identity(TrustedIssuer.of(ci.der(), List.of(list), Duration.ZERO));
        assertThat(statusOf(eum, card())).isEqualTo(MANUFACTURER_INVALID);
    }

    @Test
    void aRevocationListBehindItsGracePeriodAndOneWithinIt() throws Exception {
        byte[] list = RevocationListMaker.of(ci, now.minus(Duration.ofDays(8))).der();
        identity(TrustedIssuer.of(ci.der(), List.of(list), Duration.ofHours(1)));
        assertThat(statusOf(eum, card())).isEqualTo(MANUFACTURER_INVALID);
        identity(TrustedIssuer.of(ci.der(), List.of(list), Duration.ofDays(2)));
        assertThat(statusOf(eum, card())).isEqualTo("ok");
    }

    @Test
    void aManufacturerOutOfItsValidity() throws Exception {
        eum = CertificateMaker.eum(Curve.P256)
                .valid(now.minusSeconds(9_000), now.minusSeconds(60))
                .issuedBy(ci);
        assertThat(statusOf(eum, card())).isEqualTo(MANUFACTURER_EXPIRED);
    }

    @Test
    void aCardOfAnotherManufacturer() throws Exception {
        MadeCertificate other = CertificateMaker.eum(Curve.P256).issuedBy(ci);
        assertThat(statusOf(eum, CertificateMaker.euicc(Curve.P256, eid).issuedBy(other)))
                .isEqualTo(CARD_INVALID);
    }

    @Test
    void anEidThatIsNotTheManufacturersToGive() throws Exception {
        MadeCertificate foreign = CertificateMaker.euicc(Curve.P256, "89033023000000000000000000000012")
                .issuedBy(eum);
        assertThat(statusOf(eum, foreign)).isEqualTo(CARD_INVALID);
    }

    @Test
    void aCardOutOfItsValidity() throws Exception {
        MadeCertificate expired = CertificateMaker.euicc(Curve.P256, eid)
                .valid(now.minusSeconds(9_000), now.minusSeconds(60))
                .issuedBy(eum);
        assertThat(statusOf(eum, expired)).isEqualTo(CARD_EXPIRED);
    }

    @Test
    void aNewerChainOfThreeAuthoritiesIsServed() throws Exception {
        MadeCertificate top = CertificateMaker.authority(
                        Curve.P256, "O=RSP Test EUM, CN=Sub CI", "2.23.146.1.2.1.0.0", 2)
                .issuedBy(ci);
        MadeCertificate maker = CertificateMaker.newerEum(Curve.P256, 1).issuedBy(top);
        eum = CertificateMaker.authority(Curve.P256, "O=RSP Test EUM, CN=Sub", "2.23.146.1.2.1.0.0.0.0", 0)
                .issuedBy(maker);
        device.moreInResponse.add(Tlv.constructed(0xA1, maker.element(), top.element()));
        assertThat(statusOf(eum, card())).isEqualTo("ok");
        device.moreInResponse.clear();
        device.matchingId = server.order().profile().matchingId().reveal();
        assertThat(statusOf(eum, card())).isEqualTo(ISSUER_UNKNOWN);
    }

    private ServerCredential renewed() throws Exception {
        MadeCertificate auth =
                CertificateMaker.server(Curve.P256, 4, "2.999.10").issuedBy(ci);
        MadeCertificate pb = CertificateMaker.server(Curve.P256, 5, "2.999.10").issuedBy(ci);
        return ServerCredential.of(
                auth.der(), auth.keys().getPrivate(), pb.der(), pb.keys().getPrivate());
    }

    @Test
    void aSessionEndsWithTheCertificatesItBeganWith() throws Exception {
        device.initiate();
        server.identity(new ServerIdentity(usual.address(), List.of(renewed()), usual.issuers(), usual.credentials()));
        JsonNode offer = device.authenticate();
        assertThat(RawDevice.status(offer)).isEqualTo("ok");
        assertThat(RawDevice.element(offer, "smdpCertificate").raw())
                .isEqualTo(usual.credentials().getFirst().binding().der());
        assertThat(RawDevice.status(device.call("getBoundProfilePackage", device.packageRequest())))
                .isEqualTo("ok");
    }

    @Test
    void aNewSessionBeginsWithTheNewCertificates() throws Exception {
        ServerCredential renewed = renewed();
        server.identity(new ServerIdentity(usual.address(), List.of(renewed), usual.issuers(), usual.credentials()));
        JsonNode answer = device.initiate();
        assertThat(RawDevice.element(answer, "serverCertificate").raw())
                .isEqualTo(renewed.authentication().der());
    }

    @Test
    void aSessionWhoseCertificatesAreForgottenIsUnknown() throws Exception {
        device.initiate();
        device.authenticate();
        server.identity(new ServerIdentity(usual.address(), List.of(renewed()), usual.issuers()));
        assertThat(RawDevice.status(device.call("getBoundProfilePackage", device.packageRequest())))
                .isEqualTo("8.10.1/3.9");
    }
}
