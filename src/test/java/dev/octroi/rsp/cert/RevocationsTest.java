package dev.octroi.rsp.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.cert.Revocations.Freshness;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RevocationsTest {
    private static final Duration GRACE = Duration.ofDays(2);
    private static final ASN1ObjectIdentifier UNKNOWN = new ASN1ObjectIdentifier("2.999.4711");

    private final Instant now = Instant.parse("2026-11-28T12:00:00Z");
    private MadeCertificate ci;
    private RspCertificate eum;
    private BigInteger serial;

    @BeforeEach
    void make() throws Exception {
        ci = CertificateMaker.ci(Curve.P256).selfSigned();
        eum = RspCertificate.parse(CertificateMaker.eum(Curve.P256).issuedBy(ci).der());
        serial = eum.serialNumber();
    }

    private RevocationListMaker list() throws Exception {
        return RevocationListMaker.of(ci, now);
    }

    private RevocationListMaker listAt(Duration ago) throws Exception {
        return RevocationListMaker.of(ci, now.minus(ago));
    }

    private Revocations read(byte[]... lists) throws MalformedTlvException {
        return TrustedIssuer.of(ci.der(), List.of(lists), GRACE).revocations();
    }

    private void assertUnusable(byte[]... lists) {
        assertThatThrownBy(() -> read(lists)).isInstanceOf(MalformedTlvException.class);
    }

    @Test
    void listsAreFreshThenOverdueThenStale() throws Exception {
        Revocations lists = read(list().der());
        Instant end = now.plus(Duration.ofDays(7));
        assertThat(lists.nextUpdate()).contains(end);
        assertThat(lists.freshnessAt(end)).isEqualTo(Freshness.FRESH);
        assertThat(lists.freshnessAt(end.plusSeconds(1))).isEqualTo(Freshness.OVERDUE);
        assertThat(lists.freshnessAt(end.plus(GRACE))).isEqualTo(Freshness.OVERDUE);
        assertThat(lists.freshnessAt(end.plus(GRACE).plusSeconds(1))).isEqualTo(Freshness.STALE);
        assertThat(read().freshnessAt(now)).isEqualTo(Freshness.UNLISTED);
    }

    @Test
    void aListOfAnotherIssuerIsUnusable() throws Exception {
        MadeCertificate other = CertificateMaker.ci(Curve.P256).selfSigned();
        assertUnusable(RevocationListMaker.of(other, now).der());
    }

    @Test
    void aListThatOnlyNamesTheIssuerIsUnusable() throws Exception {
        MadeCertificate forger = CertificateMaker.ci(Curve.P256).selfSigned();
        MadeCertificate claimed = new MadeCertificate(ci.der(), forger.keys(), ci.subject());
        assertUnusable(RevocationListMaker.of(claimed, now).der());
    }

    @Test
    void aDamagedListIsUnusable() throws Exception {
        byte[] damaged = list().revoke(serial).der();
        damaged[damaged.length / 2] ^= 1;
        assertUnusable(damaged);
    }

    @Test
    void aRootThatMaySignNoListsHasNone() throws Exception {
        ci = CertificateMaker.ci(Curve.P256).keyUsage(KeyUsage.keyCertSign).selfSigned();
        assertUnusable(list().der());
    }

    @Test
    void aListWithAnUnknownCriticalExtensionIsUnusable() throws Exception {
        assertUnusable(list().extension(UNKNOWN, true, new ASN1Integer(1)).der());
        assertThat(read(list().revoke(serial)
                                .extension(UNKNOWN, false, new ASN1Integer(1))
                                .der())
                        .contains(eum))
                .isTrue();
    }

    @Test
    void anEntryWithAnUnknownCriticalExtensionMakesTheListUnusable() throws Exception {
        assertUnusable(list().entryWith(serial, "2.999.4711", true).der());
        assertThat(read(list().entryWith(serial, "2.999.4711", false).der()).contains(eum))
                .isTrue();
    }

    @Test
    void entriesAboutAnotherIssuersCertificatesRevokeNothingOfOurs() throws Exception {
        byte[] indirect = list().revoke(BigInteger.TEN)
                .revokeOfAnotherIssuer(serial)
                .revoke(serial)
                .der();
        assertThat(read(indirect).contains(eum))
                .as("entries behind it are its issuer's as well")
                .isFalse();
        assertThat(read(list().revoke(serial)
                                .revokeOfAnotherIssuer(BigInteger.ONE)
                                .der())
                        .contains(eum))
                .isTrue();
    }

    @Test
    void aDeltaListAddsAndNeverStandsAlone() throws Exception {
        byte[] delta = list().delta().revoke(serial).der();
        assertUnusable(delta);
        Revocations both = read(listAt(Duration.ofDays(6)).der(), delta);
        assertThat(both.contains(eum)).isTrue();
        assertThat(both.nextUpdate()).as("a delta list renews nothing").contains(now.plus(Duration.ofDays(1)));
    }

    @Test
    void aSplitListNeedsAllItsParts() throws Exception {
        byte[] first = list().part(1, 2).der();
        byte[] second = listAt(Duration.ofDays(3)).part(2, 2).revoke(serial).der();
        assertUnusable(first);
        assertUnusable(second);
        Revocations whole = read(first, second);
        assertThat(whole.contains(eum)).isTrue();
        assertThat(whole.nextUpdate()).contains(now.plus(Duration.ofDays(4)));
        assertUnusable(list().part(3, 2).der());
    }

    @Test
    void listsOfUsersAloneDoNotSpeakOfManufacturers() throws Exception {
        byte[] users = list().onlyUsers().der();
        assertUnusable(users);
        assertThat(read(users, listAt(Duration.ofDays(1)).der()).nextUpdate()).contains(now.plus(Duration.ofDays(6)));
    }

    @Test
    void ofTwoListsOfOneScopeTheNewerCounts() throws Exception {
        byte[] old = listAt(Duration.ofDays(9)).revoke(serial).der();
        byte[] recent = list().der();
        assertThat(read(old, recent).contains(eum)).isFalse();
        assertThat(read(recent, old).freshnessAt(now)).isEqualTo(Freshness.FRESH);
    }

    @Test
    void aListWithAnEmptyScopeSpeaksOfEverything() throws Exception {
        byte[] list = list().revoke(serial)
                .extension(Extension.issuingDistributionPoint, true, new org.bouncycastle.asn1.DERSequence())
                .der();
        assertThat(read(list).contains(eum)).isTrue();
    }
}
