package dev.octroi.pki.gsma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class GsmaTestPkiTest {
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    private static final List<String> HOSTS = List.of("localhost", "127.0.0.1");

    @TempDir
    Path directory;

    private GsmaTestPki pki;

    @BeforeEach
    void open() throws Exception {
        pki = open(NOW);
    }

    private GsmaTestPki open(Instant now) throws Exception {
        return GsmaTestPki.open(directory, HOSTS, InstantSource.fixed(now), new SecureRandom());
    }

    @ParameterizedTest
    @EnumSource(GsmaCurve.class)
    void everyCertificateIsSignedByItsIssuerAndNamesItsKey(GsmaCurve curve) throws Exception {
        GsmaTestPki onCurve = GsmaTestPki.open(
                directory, curve, HOSTS, GsmaTestPki.SMDP_OID, InstantSource.fixed(NOW), new SecureRandom());
        GsmaMaterial m = onCurve.material();
        for (GsmaCredential child : List.of(m.ci(), m.eum(), m.dpAuth(), m.dpPb(), m.dpTls())) {
            assertIssued(child.certificate(), m.ci().certificate());
        }
        assertIssued(onCurve.issueEuicc(GsmaEid.test(7)).certificate(), m.eum().certificate());
        m.crl().verify(m.ci().certificate().getPublicKey(), GsmaPem.PROVIDER);
    }

    @Test
    void rolesAreToldByTheirPolicies() throws Exception {
        GsmaMaterial m = pki.material();
        assertThat(policy(m.ci())).isEqualTo("2.23.146.1.2.1.0");
        assertThat(policy(pki.issueEuicc(GsmaEid.test(1)))).isEqualTo("2.23.146.1.2.1.1");
        assertThat(policy(m.eum())).isEqualTo("2.23.146.1.2.1.2");
        assertThat(policy(m.dpTls())).isEqualTo("2.23.146.1.2.1.3");
        assertThat(policy(m.dpAuth())).isEqualTo("2.23.146.1.2.1.4");
        assertThat(policy(m.dpPb())).isEqualTo("2.23.146.1.2.1.5");
    }

    @Test
    void certificatesOfTheServerCarryOneOid() throws Exception {
        GsmaMaterial m = pki.material();
        for (GsmaCredential credential : List.of(m.dpAuth(), m.dpPb(), m.dpTls())) {
            assertThat(credential.certificate().getSubjectAlternativeNames())
                    .contains(List.of(GeneralName.registeredID, "2.999.10"));
        }
        assertThat(m.dpTls().certificate().getSubjectAlternativeNames())
                .contains(List.of(GeneralName.dNSName, "localhost"), List.of(GeneralName.iPAddress, "127.0.0.1"));
        assertThat(m.dpTls().certificate().getExtendedKeyUsage())
                .containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    }

    @Test
    void manufacturerMayOnlyCertifyItsOwnPrefix() throws Exception {
        X509Certificate eum = pki.material().eum().certificate();
        assertThat(eum.getBasicConstraints()).isZero();
        NameConstraints constraints = NameConstraints.getInstance(
                new JcaX509CertificateHolder(eum).getExtensions().getExtensionParsedValue(Extension.nameConstraints));
        assertThat(constraints.getPermittedSubtrees()).hasSize(1);
        assertThat(constraints.getPermittedSubtrees()[0].getBase().getName().toString())
                .isEqualTo("O=RSP Test EUM,SERIALNUMBER=89049032");
    }

    @Test
    void certificateOfAnEuiccCarriesTheEidAndOutlivesTheCard() {
        X509Certificate euicc = pki.issueEuicc(GsmaEid.test(42)).certificate();
        assertThat(euicc.getSubjectX500Principal().getName("RFC1779", java.util.Map.of("2.5.4.5", "SN")))
                .contains("SN=" + GsmaEid.test(42));
        assertThat(euicc.getNotAfter().toInstant()).isEqualTo("7496-01-24T00:00:00Z");
        assertThat(euicc.getSerialNumber().bitLength()).isGreaterThan(64);
    }

    @Test
    void secondOpeningKeepsEveryFile() throws Exception {
        GsmaMaterial again = open(NOW.plus(Duration.ofDays(1))).material();
        assertThat(again.ci().certificateDer()).isEqualTo(pki.material().ci().certificateDer());
        assertThat(again.dpTls().certificateDer())
                .isEqualTo(pki.material().dpTls().certificateDer());
        assertThat(again.dpAuth().privateKey().getEncoded())
                .isEqualTo(pki.material().dpAuth().privateKey().getEncoded());
        assertThat(again.crl().getEncoded()).isEqualTo(pki.material().crl().getEncoded());
    }

    @Test
    void missingHostNameIsAddedToThoseOfBefore() throws Exception {
        List<String> more = List.of("smdp.example.com", "localhost");
        GsmaMaterial added = GsmaTestPki.open(directory, more, InstantSource.fixed(NOW), new SecureRandom())
                .material();
        assertThat(added.dpTls().certificate().getSubjectAlternativeNames())
                .contains(
                        List.of(GeneralName.dNSName, "smdp.example.com"),
                        List.of(GeneralName.dNSName, "localhost"),
                        List.of(GeneralName.iPAddress, "127.0.0.1"));
        assertThat(added.dpAuth().certificateDer())
                .isEqualTo(pki.material().dpAuth().certificateDer());
        assertThat(open(NOW).material().dpTls().certificateDer())
                .isEqualTo(added.dpTls().certificateDer());
    }

    @Test
    void serverCertificateThatRanOutIsIssuedAgainByTheSameRoot() throws Exception {
        GsmaMaterial later = open(NOW.plus(Duration.ofDays(4 * 365))).material();
        assertThat(later.ci().certificateDer()).isEqualTo(pki.material().ci().certificateDer());
        assertThat(later.dpAuth().certificateDer())
                .isNotEqualTo(pki.material().dpAuth().certificateDer());
        assertIssued(later.dpAuth().certificate(), later.ci().certificate());
    }

    @Test
    void revokedCertificatesStayRevokedWhenTheListIsRenewed() throws Exception {
        X509Certificate revoked = pki.material().dpPb().certificate();
        assertThat(pki.revoke(revoked).material().crl().isRevoked(revoked)).isTrue();
        GsmaMaterial later = open(NOW.plus(Duration.ofDays(20))).material();
        assertThat(later.crl().isRevoked(revoked)).isTrue();
        assertThat(later.crl().getThisUpdate().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(20)));
    }

    @Test
    void onlyTheOwnerMayReadTheFiles() throws Exception {
        Path folder = pki.material().directory();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path key :
                    files.filter(file -> file.toString().endsWith(".key")).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                        .isEqualTo("rw-------");
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
    }

    @Test
    void numbersOfTestCardsHaveValidCheckDigits() {
        for (long number : List.of(0L, 1L, 97L, Long.MAX_VALUE)) {
            assertThat(GsmaEid.test(number)).hasSize(32).startsWith("89049032");
            assertThat(GsmaEid.isValid(GsmaEid.test(number))).isTrue();
        }
        assertThat(GsmaEid.isValid("89049032123451234512345678901235")).isTrue();
        assertThat(GsmaEid.isValid("89049032123451234512345678901236")).isFalse();
        assertThatThrownBy(() -> GsmaEid.test(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertIssued(X509Certificate child, X509Certificate issuer) throws Exception {
        child.verify(issuer.getPublicKey(), GsmaPem.PROVIDER);
        byte[] authority = child.getExtensionValue(Extension.authorityKeyIdentifier.getId());
        byte[] subject = issuer.getExtensionValue(Extension.subjectKeyIdentifier.getId());
        // 04 18 30 16 80 14 <id> against 04 16 04 14 <id>
        assertThat(java.util.Arrays.copyOfRange(authority, 6, 26))
                .isEqualTo(java.util.Arrays.copyOfRange(subject, 4, 24));
        Set<String> critical = child.getCriticalExtensionOIDs();
        assertThat(critical).contains(Extension.keyUsage.getId(), Extension.certificatePolicies.getId());
    }

    private static String policy(GsmaCredential credential) throws Exception {
        return CertificatePolicies.fromExtensions(
                        new JcaX509CertificateHolder(credential.certificate()).getExtensions())
                .getPolicyInformation()[0]
                .getPolicyIdentifier()
                .getId();
    }
}
