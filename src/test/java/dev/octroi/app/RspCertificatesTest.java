package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.pki.TlsMaterial;
import dev.octroi.rsp.cert.CertificateMaker;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.cert.MadeCertificate;
import dev.octroi.rsp.cert.RevocationListMaker;
import dev.octroi.rsp.identity.PublishedFolder;
import dev.octroi.rsp.order.Downloads;
import dev.octroi.rsp.session.ServerCredential;
import dev.octroi.rsp.session.ServerIdentity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RspCertificatesTest {
    private static final String ADDRESS = "smdp.example.com";

    @TempDir
    private Path data;

    @TempDir
    private Path folder;

    private Instant now = Instant.now();

    private RspCertificates open(Optional<Path> certificates) throws Exception {
        Settings.CertificateSettings settings = new Settings.CertificateSettings(
                certificates, Optional.empty(), Duration.ofSeconds(30), Duration.ofDays(7));
        return RspCertificates.open(data, settings, Optional.of(ADDRESS), ADDRESS, () -> now, new SecureRandom());
    }

    private static ServerCredential onP256(ServerIdentity identity) {
        return identity.credentials().stream()
                .filter(credential -> credential.bindingCurve() == Curve.P256)
                .findFirst()
                .orElseThrow();
    }

    private static void renewAuth(PublishedFolder published, CertificateMaker maker) throws Exception {
        MadeCertificate made = maker.issuedBy(published.root(Curve.P256));
        published.put("DPauth/CERT_S_SM_DPauth_ECDSA_NIST.der", made.der());
        published.put("DPauth/SK_S_SM_DPauth_ECDSA_NIST.pem", PublishedFolder.key(Curve.P256, made.keys(), true));
    }

    @Test
    void withoutAFolderBothCurvesAreGenerated() throws Exception {
        RspCertificates certificates = open(Optional.empty());
        assertThat(certificates.get().credentials())
                .extracting(ServerCredential::bindingCurve)
                .containsExactlyInAnyOrder(Curve.values());
        assertThat(certificates.get().issuers()).hasSize(2);
        assertThat(certificates.tls().chain().getFirst().getSubjectAlternativeNames())
                .contains(List.of(2, ADDRESS), List.of(8, "2.999.10"));
        assertThat(certificates.refresh()).as("nothing changed").isFalse();
        assertThat(certificates.warnings()).isEmpty();
    }

    @Test
    void aGeneratedRevocationListIsSignedAnewBeforeItEnds() throws Exception {
        RspCertificates certificates = open(Optional.empty());
        now = now.plus(Duration.ofDays(25));
        assertThat(certificates.refresh()).isTrue();
        assertThat(certificates.get().issuers())
                .allSatisfy(issuer -> assertThat(issuer.revocations().nextUpdate())
                        .hasValueSatisfying(end -> assertThat(end).isAfter(now.plus(Duration.ofDays(20)))));
        assertThat(certificates.get().retired()).as("the credentials stayed").isEmpty();
    }

    @Test
    void filesReplaceTheGeneratedOnes() throws Exception {
        PublishedFolder published = new PublishedFolder(folder);
        RspCertificates certificates = open(Optional.of(folder));
        assertThat(certificates.get().issuers())
                .extracting(issuer -> issuer.certificate().der())
                .containsExactlyInAnyOrder(
                        published.root(Curve.P256).der(),
                        published.root(Curve.BRAINPOOL_P256R1).der());
        assertThat(certificates.tls().chain().getFirst().getSubjectAlternativeNames())
                .contains(List.of(2, "testsmdpplus1.example.com"));
    }

    @Test
    void anUnusableFolderStopsTheStartWithItsReasons() {
        assertThatThrownBy(() -> open(Optional.of(folder)))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("no CI certificate that is in date");
    }

    @Test
    void aRenewalTakesEffectAndTheOldCredentialLastsAsLongAsASession() throws Exception {
        PublishedFolder published = new PublishedFolder(folder);
        RspCertificates certificates = open(Optional.of(folder));
        ServerCredential old = onP256(certificates.get());

        renewAuth(published, CertificateMaker.server(Curve.P256, 4, "2.999.10"));
        assertThat(certificates.refresh()).isTrue();

        ServerIdentity after = certificates.get();
        assertThat(onP256(after).name()).isNotEqualTo(old.name());
        assertThat(after.retired()).containsExactly(old);
        assertThat(after.credential(old.name())).contains(old);
        now = now.plus(Downloads.SESSION_LIFETIME).plusSeconds(1);
        assertThat(certificates.refresh()).isFalse();
        assertThat(certificates.get().credential(old.name())).isEmpty();
    }

    @Test
    void aBrokenSetIsRefusedOnceAndTheOldOneStaysUntilItIsMended() throws Exception {
        PublishedFolder published = new PublishedFolder(folder);
        RspCertificates certificates = open(Optional.of(folder));
        ServerIdentity before = certificates.get();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        new CertificateMetrics(certificates, () -> now, registry);

        renewAuth(
                published,
                CertificateMaker.server(Curve.P256, 4, "2.999.10").valid(now.minusSeconds(99), now.minusSeconds(9)));
        assertThat(certificates.refresh()).isFalse();
        assertThat(certificates.get()).isSameAs(before);
        assertThat(certificates.warnings()).first().asString().contains("changed files are refused");
        assertThat(registry.get("octroi.rsp.certificates.refused").gauge().value())
                .isEqualTo(1);

        renewAuth(published, CertificateMaker.server(Curve.P256, 4, "2.999.10"));
        assertThat(certificates.refresh()).isTrue();
        assertThat(registry.get("octroi.rsp.certificates.refused").gauge().value())
                .isZero();
    }

    @Test
    void aTlsCertificateThatIsAwayIsNotReplacedByAGeneratedOne() throws Exception {
        PublishedFolder published = new PublishedFolder(folder);
        RspCertificates certificates = open(Optional.of(folder));
        TlsMaterial shown = certificates.tls();
        published.remove("DPtls/SK_S_SM_DP_TLS_NIST.pem");
        assertThat(certificates.refresh()).isFalse();
        assertThat(certificates.isRefusing()).isTrue();
        assertThat(certificates.tls()).isSameAs(shown);
    }

    @Test
    void aTlsCertificateThatHasEndedDoesNotKeepAnythingElseFromBeingReplaced() throws Exception {
        PublishedFolder published = new PublishedFolder(folder);
        MadeCertificate root = published.root(Curve.P256);
        MadeCertificate ending = CertificateMaker.tls("testsmdpplus1.example.com", "2.999.10")
                .valid(now.minusSeconds(99), now.plusSeconds(99))
                .issuedBy(root);
        published.put("DPtls/CERT_S_SM_DP_TLS_NIST.der", ending.der());
        published.put("DPtls/SK_S_SM_DP_TLS_NIST.pem", PublishedFolder.key(Curve.P256, ending.keys(), false));
        RspCertificates certificates = open(Optional.of(folder));
        now = now.plusSeconds(100);
        MadeCertificate eum = CertificateMaker.eum(Curve.P256).issuedBy(root);
        published.put("CRL-A.crl", RevocationListMaker.of(root, now).revoke(eum).der());
        assertThat(certificates.refresh()).isTrue();
        assertThat(certificates.isRefusing()).isFalse();
    }

    @Test
    void aPairThatHasEndedDoesNotKeepTheListsOfOtherIssuersFromBeingReadNorTheGatewayFromStarting() throws Exception {
        PublishedFolder published = new PublishedFolder(folder);
        renewAuth(
                published,
                CertificateMaker.server(Curve.P256, 4, "2.999.10")
                        .valid(now.minusSeconds(99), now.plus(Duration.ofDays(40))));
        RspCertificates certificates = open(Optional.of(folder));
        assertThat(certificates.warnings()).isEmpty();
        now = now.plus(Duration.ofDays(41));
        MadeCertificate root = published.root(Curve.BRAINPOOL_P256R1);
        MadeCertificate eum = CertificateMaker.eum(Curve.BRAINPOOL_P256R1).issuedBy(root);
        published.put("CRL-A.crl", RevocationListMaker.of(root, now).revoke(eum).der());
        assertThat(certificates.refresh()).isTrue();
        assertThat(certificates.isRefusing()).isFalse();
        assertThat(certificates.get().issuers())
                .anySatisfy(issuer -> assertThat(
                                issuer.revocations().contains(dev.octroi.rsp.cert.RspCertificate.parse(eum.der())))
                        .isTrue());
        assertThat(certificates.warnings())
                .singleElement()
                .asString()
                .contains("cards of a CI are not served", "DP_AUTH", "valid only from");
        assertThat(open(Optional.of(folder)).get().credentials()).hasSize(1);
    }

    @Test
    void aManufacturerRevokedByANewListIsRevokedWithoutARestart() throws Exception {
        PublishedFolder published = new PublishedFolder(folder);
        RspCertificates certificates = open(Optional.of(folder));
        MadeCertificate root = published.root(Curve.P256);
        MadeCertificate eum = CertificateMaker.eum(Curve.P256).issuedBy(root);
        published.put("CRL-B.crl", RevocationListMaker.of(root, now).revoke(eum).der());
        assertThat(certificates.refresh()).isTrue();
        assertThat(certificates.get().issuers())
                .anySatisfy(issuer -> assertThat(
                                issuer.revocations().contains(dev.octroi.rsp.cert.RspCertificate.parse(eum.der())))
                        .isTrue());
    }

    @Test
    void warningsBeginThirtyDaysBeforeTheEndAndWhenAListIsOverdue() throws Exception {
        PublishedFolder published = new PublishedFolder(folder);
        renewAuth(
                published,
                CertificateMaker.server(Curve.P256, 4, "2.999.10")
                        .valid(now.minusSeconds(99), now.plus(Duration.ofDays(31))));
        published.put(
                "CRL-A.crl",
                RevocationListMaker.of(published.root(Curve.P256), now).der());
        RspCertificates certificates = open(Optional.of(folder));
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        new CertificateMetrics(certificates, () -> now, registry);
        assertThat(certificates.warnings()).isEmpty();

        now = now.plus(Duration.ofDays(8));
        assertThat(certificates.warnings())
                .hasSize(2)
                .anySatisfy(warning -> assertThat(warning).contains("DPauth certificate"))
                .anySatisfy(warning -> assertThat(warning).contains("is overdue"));
        assertThat(registry.get("octroi.rsp.crl.due").gauge().value()).isNegative();
        assertThat(registry.get("octroi.rsp.certificate.expiry")
                        .tag("role", "DPauth")
                        .gauges())
                .hasSize(2);
    }
}
