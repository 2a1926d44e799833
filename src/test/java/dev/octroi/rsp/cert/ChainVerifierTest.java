package dev.octroi.rsp.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.pki.gsma.GsmaCredential;
import dev.octroi.pki.gsma.GsmaCurve;
import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.pki.gsma.GsmaMaterial;
import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.ChainResult.Cause;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChainVerifierTest {
    @TempDir
    private Path folder;

    private final Instant now = Instant.now().plusSeconds(60);
    private final ChainVerifier verifier = new ChainVerifier();
    private GsmaTestPki pki;

    @BeforeEach
    void open() throws Exception {
        pki = GsmaTestPki.open(folder, List.of("localhost"), Clock.systemUTC(), new SecureRandom());
    }

    @ParameterizedTest
    @EnumSource(GsmaCurve.class)
    void acceptsAGenuineCardOnBothCurves(GsmaCurve curve) throws Exception {
        GsmaTestPki onCurve = GsmaTestPki.open(
                folder, curve, List.of("localhost"), "2.999.10", Clock.systemUTC(), new SecureRandom());
        String eid = GsmaEid.test(7);

        ChainResult result = verify(onCurve.material(), onCurve.issueEuicc(eid), now);

        assertThat(result).isInstanceOfSatisfying(ChainResult.Verified.class, verified -> {
            assertThat(verified.eid()).isEqualTo(new Eid(eid));
            assertThat(verified.curve().name()).isEqualTo(curve.name());
        });
        assertThat(verify(onCurve.material(), onCurve.issueEuicc(GsmaEid.test(8)), now))
                .as("with the manufacturer remembered")
                .isInstanceOf(ChainResult.Verified.class);
    }

    @Test
    void refusesAnEidThatTheManufacturerMayNotGive() throws Exception {
        GsmaCredential foreign = pki.issueEuicc("99049032000000000000000000000012");
        assertRefused(verify(pki.material(), foreign, now), Cause.CARD_INVALID);
    }

    @Test
    void refusesAnotherIssuer(@TempDir Path other) throws Exception {
        GsmaMaterial theirs = GsmaTestPki.open(other, List.of("localhost"), Clock.systemUTC(), new SecureRandom())
                .material();
        TrustedIssuer issuer = TrustedIssuer.of(theirs.ci().certificateDer(), null);
        GsmaCredential card = pki.issueEuicc(GsmaEid.test(1));
        assertRefused(verifier.verify(element(card), element(pki.material().eum()), issuer, now), Cause.ISSUER_UNKNOWN);
    }

    @Test
    void refusesACardOfAnotherManufacturerWithTheSameName(@TempDir Path other) throws Exception {
        GsmaTestPki theirs = GsmaTestPki.open(other, List.of("localhost"), Clock.systemUTC(), new SecureRandom());
        GsmaCredential card = theirs.issueEuicc(GsmaEid.test(1));
        assertRefused(verify(pki.material(), card, now), Cause.CARD_INVALID);
    }

    @Test
    void refusesARevokedManufacturer() throws Exception {
        GsmaCredential card = pki.issueEuicc(GsmaEid.test(1));
        assertThat(verify(pki.material(), card, now)).isInstanceOf(ChainResult.Verified.class);

        GsmaMaterial revoked = pki.revoke(pki.material().eum().certificate()).material();

        assertRefused(verify(revoked, card, now), Cause.MANUFACTURER_INVALID);
    }

    @Test
    void refusesWhenTheRevocationListIsStale() throws Exception {
        GsmaCredential card = pki.issueEuicc(GsmaEid.test(1));
        assertRefused(verify(pki.material(), card, now.plus(Duration.ofDays(60))), Cause.MANUFACTURER_INVALID);
    }

    @Test
    void refusesCertificatesOutsideTheirValidity() throws Exception {
        GsmaMaterial m = pki.material();
        GsmaCredential card = pki.issueEuicc(GsmaEid.test(1));
        TrustedIssuer issuer = TrustedIssuer.of(m.ci().certificateDer(), null);
        Instant late = now.plus(Duration.ofDays(34 * 365L + 100));
        assertRefused(verifier.verify(element(card), element(m.eum()), issuer, late), Cause.MANUFACTURER_EXPIRED);
        Instant later = now.plus(Duration.ofDays(36 * 365L));
        assertRefused(verifier.verify(element(card), element(m.eum()), issuer, later), Cause.ISSUER_UNKNOWN);
    }

    @Test
    void refusesCertificatesInTheWrongRole() throws Exception {
        GsmaMaterial m = pki.material();
        TrustedIssuer issuer = TrustedIssuer.of(m.ci().certificateDer(), null);
        assertRefused(verifier.verify(element(m.dpAuth()), element(m.eum()), issuer, now), Cause.CARD_INVALID);
        assertRefused(
                verifier.verify(element(pki.issueEuicc(GsmaEid.test(1))), element(m.dpAuth()), issuer, now),
                Cause.MANUFACTURER_INVALID);
    }

    @Test
    void readsTheYear7496AndTheOidOfTheServer() throws Exception {
        RspCertificate card =
                RspCertificate.parse(pki.issueEuicc(GsmaEid.test(1)).certificateDer());
        assertThat(card.notAfter()).isEqualTo(Instant.parse("7496-01-24T00:00:00Z"));
        RspCertificate auth = RspCertificate.parse(pki.material().dpAuth().certificateDer());
        assertThat(auth.registeredId()).contains("2.999.10");
        assertThat(auth.hasRole(RspRole.DP_AUTH)).isTrue();
    }

    @Test
    void policiesOfAllChainVariantsNameTheirRoles() {
        assertThat(RspRole.ofPolicy("2.23.146.1.2.1.0")).contains(RspRole.CI);
        assertThat(RspRole.ofPolicy("2.23.146.1.2.1.1")).contains(RspRole.EUICC);
        assertThat(RspRole.ofPolicy("2.23.146.1.2.1.2")).contains(RspRole.EUM);
        assertThat(RspRole.ofPolicy("2.23.146.1.2.1.0.0.0")).contains(RspRole.EUM);
        assertThat(RspRole.ofPolicy("2.23.146.1.2.1.0.0.0.0.0")).contains(RspRole.EUICC);
        assertThat(RspRole.ofPolicy("2.23.146.1.2.1.0.0.1.1")).contains(RspRole.DP_AUTH);
        assertThat(RspRole.ofPolicy("2.23.146.1.2.1.0.0.1.2")).contains(RspRole.DP_PB);
        assertThat(RspRole.ofPolicy("2.23.146.1.2.1.0.2.0")).isEmpty();
        assertThat(RspRole.ofPolicy("2.5.29.32.0")).isEmpty();
    }

    @Test
    void aRevocationListOfAnotherIssuerIsRefused(@TempDir Path other) throws Exception {
        GsmaMaterial theirs = GsmaTestPki.open(other, List.of("localhost"), Clock.systemUTC(), new SecureRandom())
                .material();
        byte[] root = pki.material().ci().certificateDer();
        byte[] list = theirs.crl().getEncoded();
        assertThatThrownBy(() -> TrustedIssuer.of(root, list)).isInstanceOf(MalformedTlvException.class);
    }

    @Test
    void damagedCertificatesAreRefusedAndNeverEscape() throws Exception {
        GsmaMaterial m = pki.material();
        TrustedIssuer issuer = TrustedIssuer.of(m.ci().certificateDer(), null);
        byte[] card = pki.issueEuicc(GsmaEid.test(1)).certificateDer();
        byte[] eum = m.eum().certificateDer();
        Random random = new Random(2611);
        for (int round = 0; round < 3_000; round++) {
            byte[] badCard = round % 2 == 0 ? damaged(card, random) : card;
            byte[] badEum = round % 2 == 0 ? eum : damaged(eum, random);
            try {
                ChainResult result = verifier.verify(Tlv.parse(badCard), Tlv.parse(badEum), issuer, now);
                assertThat(result).isInstanceOf(ChainResult.Refused.class);
            } catch (MalformedTlvException expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            }
        }
    }

    private static byte[] damaged(byte[] good, Random random) {
        byte[] bad = good.clone();
        int at = random.nextInt(bad.length);
        bad[at] ^= (byte) (1 + random.nextInt(255));
        return bad;
    }

    private ChainResult verify(GsmaMaterial material, GsmaCredential card, Instant moment) throws Exception {
        TrustedIssuer issuer =
                TrustedIssuer.of(material.ci().certificateDer(), material.crl().getEncoded());
        return verifier.verify(element(card), element(material.eum()), issuer, moment);
    }

    private static Tlv element(GsmaCredential credential) throws MalformedTlvException {
        return Tlv.parse(credential.certificateDer());
    }

    private static void assertRefused(ChainResult result, Cause cause) {
        assertThat(result).isEqualTo(new ChainResult.Refused(cause));
    }
}
