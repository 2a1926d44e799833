package dev.octroi.rsp.cert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.pki.gsma.GsmaEid;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.ChainResult.Cause;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything that a chain can be refused for, one by one and on both curves; each chain is good but for one thing. */
@ParameterizedClass
@EnumSource(Curve.class)
class ChainRefusalTest {
    private static final ASN1ObjectIdentifier UNKNOWN = new ASN1ObjectIdentifier("2.999.4711");
    private static final String EID = GsmaEid.test(7);
    private static final String EUM_SUB_CA = "2.23.146.1.2.1.0.0.0.0";
    private static final String CI_SUB_CA = "2.23.146.1.2.1.0.0";
    private static final String EUM_V3 = "2.23.146.1.2.1.0.0.0";
    private static final String EUICC_V3 = "2.23.146.1.2.1.0.0.0.0.0";

    private final ChainVerifier verifier = new ChainVerifier();
    private final Instant now = Instant.now();
    private final Curve curve;
    private MadeCertificate ci;
    private MadeCertificate eum;
    private MadeCertificate card;

    ChainRefusalTest(Curve curve) {
        this.curve = curve;
    }

    @BeforeEach
    void make() throws Exception {
        ci = CertificateMaker.ci(curve).selfSigned();
        eum = CertificateMaker.eum(curve).issuedBy(ci);
        card = CertificateMaker.euicc(curve, EID).issuedBy(eum);
    }

    private ChainResult verify(List<byte[]> lists, Duration grace, Instant moment, MadeCertificate... others)
            throws Exception {
        List<Tlv> chain = new ArrayList<>();
        for (MadeCertificate other : others) {
            chain.add(other.element());
        }
        return verifier.verify(card.element(), eum.element(), chain, TrustedIssuer.of(ci.der(), lists, grace), moment);
    }

    private ChainResult verify(MadeCertificate... others) throws Exception {
        return verify(List.of(), Duration.ZERO, now, others);
    }

    private void assertManufacturer(CertificateMaker changed) throws Exception {
        eum = changed.issuedBy(ci);
        card = CertificateMaker.euicc(curve, EID).issuedBy(eum);
        assertThat(verify()).isEqualTo(new ChainResult.Refused(Cause.MANUFACTURER_INVALID));
    }

    private void assertCard(CertificateMaker changed) throws Exception {
        card = changed.issuedBy(eum);
        assertThat(verify()).isEqualTo(new ChainResult.Refused(Cause.CARD_INVALID));
    }

    private void assertHolds(MadeCertificate... others) throws Exception {
        assertThat(verify(others)).isInstanceOf(ChainResult.Verified.class);
    }

    private void assertRefused(Cause cause, MadeCertificate... others) throws Exception {
        assertThat(verify(others)).isEqualTo(new ChainResult.Refused(cause));
    }

    private CertificateMaker eum() {
        return CertificateMaker.eum(curve);
    }

    private CertificateMaker euicc() {
        return CertificateMaker.euicc(curve, EID);
    }

    @Test
    void theChainThatAllOthersAreMadeOfHolds() throws Exception {
        assertHolds();
    }

    @Test
    void theIssuerIsKnownByItsKeyAndNotByItsName() throws Exception {
        ci = CertificateMaker.ci(curve)
                .subject(new X500Name("CN=GSMA Test CI, C=IT"))
                .keys(ci.keys())
                .selfSigned();
        assertHolds();
    }

    @Test
    void anotherIssuerOfTheSameNameIsUnknown() throws Exception {
        ci = CertificateMaker.ci(curve).selfSigned();
        assertRefused(Cause.ISSUER_UNKNOWN);
    }

    @Test
    void aManufacturerWithoutTheKeyIdentifierOfItsIssuerIsUnknown() throws Exception {
        eum = eum().authorityKeyId(new byte[20]).issuedBy(ci);
        assertRefused(Cause.ISSUER_UNKNOWN);
    }

    @Test
    void anIssuerOutOfItsValidityIsUnknown() throws Exception {
        ci = CertificateMaker.ci(curve)
                .keys(ci.keys())
                .valid(now.minusSeconds(9_000), now.minusSeconds(60))
                .selfSigned();
        assertRefused(Cause.ISSUER_UNKNOWN);
    }

    @Test
    void aManufacturerThatOnlyClaimsToBeOfTheIssuerIsRefused() throws Exception {
        MadeCertificate foreign = CertificateMaker.ci(curve).selfSigned();
        eum = eum().authorityKeyId(ci.keyId()).issuedBy(foreign);
        card = euicc().issuedBy(eum);
        assertRefused(Cause.MANUFACTURER_INVALID);
    }

    @Test
    void aManufacturerWithAnotherRolesPolicyIsRefused() throws Exception {
        assertManufacturer(eum().policy("2.23.146.1.2.1.4"));
        assertManufacturer(eum().without(Extension.certificatePolicies));
    }

    @Test
    void aManufacturerThatIsNoAuthorityIsRefused() throws Exception {
        assertManufacturer(eum().without(Extension.basicConstraints));
    }

    @Test
    void aManufacturerWithoutAPathLengthOfZeroIsRefused() throws Exception {
        assertManufacturer(eum().authority(null));
        assertManufacturer(eum().authority(1));
    }

    @Test
    void aManufacturerWhoseKeyMayNotSignCertificatesIsRefused() throws Exception {
        assertManufacturer(eum().keyUsage(KeyUsage.digitalSignature));
        assertManufacturer(eum().without(Extension.keyUsage));
    }

    @Test
    void aManufacturerWithoutItsOwnKeyIdentifierIsRefused() throws Exception {
        assertManufacturer(eum().extension(Extension.subjectKeyIdentifier, true, new ASN1Integer(1)));
        assertManufacturer(
                eum().extension(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(new byte[0])));
    }

    @Test
    void aManufacturerWithAnUnknownCriticalExtensionIsRefused() throws Exception {
        assertManufacturer(eum().extension(UNKNOWN, true, new ASN1Integer(1)));
        eum = eum().extension(UNKNOWN, false, new ASN1Integer(1)).issuedBy(ci);
        card = euicc().issuedBy(eum);
        assertHolds();
    }

    @Test
    void aManufacturersSignatureWithAnotherHashIsRefused() throws Exception {
        assertManufacturer(eum().algorithm("SHA384withECDSA"));
    }

    @Test
    void aManufacturerOutOfItsValidityIsExpired() throws Exception {
        eum = eum().valid(now.minusSeconds(9_000), now.minusSeconds(60)).issuedBy(ci);
        card = euicc().issuedBy(eum);
        assertRefused(Cause.MANUFACTURER_EXPIRED);
        eum = eum().valid(now.plusSeconds(60), now.plusSeconds(9_000)).issuedBy(ci);
        card = euicc().issuedBy(eum);
        assertRefused(Cause.MANUFACTURER_EXPIRED);
    }

    @Test
    void aRevokedManufacturerIsRefusedAlsoWhenItIsRemembered() throws Exception {
        assertHolds();
        byte[] list = RevocationListMaker.of(ci, now).revoke(eum).der();
        assertThat(verify(List.of(list), Duration.ZERO, now))
                .isEqualTo(new ChainResult.Refused(Cause.MANUFACTURER_INVALID));
    }

    @Test
    void anOverdueListIsBelievedForTheGracePeriodAndStillRevokes() throws Exception {
        byte[] list = RevocationListMaker.of(ci, now).der();
        Duration grace = Duration.ofDays(2);
        Instant overdue = now.plus(Duration.ofDays(8));
        assertThat(verify(List.of(list), grace, overdue)).isInstanceOf(ChainResult.Verified.class);
        assertThat(verify(List.of(list), grace, now.plus(Duration.ofDays(10))))
                .isEqualTo(new ChainResult.Refused(Cause.MANUFACTURER_INVALID));

        byte[] revoking = RevocationListMaker.of(ci, now).revoke(eum).der();
        assertThat(verify(List.of(revoking), grace, overdue))
                .isEqualTo(new ChainResult.Refused(Cause.MANUFACTURER_INVALID));
    }

    @Test
    void aCardOfAnotherManufacturerOfTheSameNameIsRefused() throws Exception {
        card = euicc().issuedBy(CertificateMaker.eum(curve).issuedBy(ci));
        assertRefused(Cause.CARD_INVALID);
    }

    @Test
    void aCardThatOnlyClaimsToBeOfTheManufacturerIsRefused() throws Exception {
        card = euicc().authorityKeyId(eum.keyId())
                .issuedBy(CertificateMaker.eum(curve).issuedBy(ci));
        assertRefused(Cause.CARD_INVALID);
    }

    @Test
    void aCardWithAnotherRolesPolicyIsRefused() throws Exception {
        assertCard(euicc().policy("2.23.146.1.2.1.2"));
        assertCard(euicc().without(Extension.certificatePolicies));
    }

    @Test
    void aCardThatIsAnAuthorityIsRefused() throws Exception {
        assertCard(euicc().authority(0).keyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign));
    }

    @Test
    void aCardWhoseKeyMayNotSignIsRefused() throws Exception {
        assertCard(euicc().keyUsage(KeyUsage.keyAgreement));
        assertCard(euicc().without(Extension.keyUsage));
    }

    @Test
    void aCardWithAnUnknownCriticalExtensionIsRefused() throws Exception {
        assertCard(euicc().extension(UNKNOWN, true, new ASN1Integer(1)));
    }

    @Test
    void aCardWithoutAnEidIsRefused() throws Exception {
        assertCard(euicc().subject(new X500Name("O=" + CertificateMaker.MAKER)));
        assertCard(CertificateMaker.euicc(curve, EID.substring(1)));
    }

    @Test
    void aCardWithTwoEidsIsRefused() throws Exception {
        assertCard(euicc().subject(new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, CertificateMaker.MAKER)
                .addRDN(BCStyle.SERIALNUMBER, GsmaEid.test(8))
                .addRDN(BCStyle.SERIALNUMBER, EID)
                .build()));
    }

    @Test
    void aCardOutOfItsValidityIsExpired() throws Exception {
        card = euicc().valid(now.minusSeconds(9_000), now.minusSeconds(60)).issuedBy(eum);
        assertRefused(Cause.CARD_EXPIRED);
        card = euicc().valid(now.plusSeconds(60), now.plusSeconds(9_000)).issuedBy(eum);
        assertRefused(Cause.CARD_EXPIRED);
    }

    @Test
    void anEidOutsideThePermittedNamesIsRefused() throws Exception {
        eum = eum().permittedNames(CertificateMaker.name(CertificateMaker.MAKER, "89033023"))
                .issuedBy(ci);
        assertCard(euicc());
    }

    @Test
    void anotherOrganisationThanThePermittedOneIsRefused() throws Exception {
        assertCard(euicc().subject(CertificateMaker.name("Someone Else", EID)));
        assertCard(euicc().subject(CertificateMaker.name(null, EID)));
    }

    @Test
    void anExcludedNameIsRefused() throws Exception {
        eum = eum().constrainedNames(
                        CertificateMaker.name(CertificateMaker.MAKER, CertificateMaker.PREFIX),
                        CertificateMaker.name(null, EID.substring(0, 20)))
                .issuedBy(ci);
        assertCard(euicc());
    }

    @Test
    void aManufacturerWhoMayCertifyNothingMayNotCertifyACard() throws Exception {
        eum = eum().without(Extension.nameConstraints).issuedBy(ci);
        assertCard(euicc());
        eum = eum().permittedNames(CertificateMaker.name(CertificateMaker.MAKER, ""))
                .issuedBy(ci);
        assertCard(euicc());
    }

    @Test
    void anyOfSeveralPermittedNamesWillDo() throws Exception {
        eum = eum().permittedNames(
                        CertificateMaker.name(CertificateMaker.MAKER, "89033023"),
                        CertificateMaker.name(CertificateMaker.MAKER, CertificateMaker.PREFIX))
                .issuedBy(ci);
        card = euicc().issuedBy(eum);
        assertHolds();
    }

    @Test
    void serialNumbersOfAnyLengthAndSignAreRead() throws Exception {
        for (BigInteger serial : List.of(BigInteger.ZERO, BigInteger.valueOf(-5), BigInteger.TWO.pow(150))) {
            eum = eum().serial(serial).issuedBy(ci);
            card = euicc().serial(serial).issuedBy(eum);
            assertHolds();
            byte[] list = RevocationListMaker.of(ci, now).revoke(serial).der();
            assertThat(verify(List.of(list), Duration.ZERO, now))
                    .isEqualTo(new ChainResult.Refused(Cause.MANUFACTURER_INVALID));
        }
    }

    private CertificateMaker newerEum() {
        return eum().policy(EUM_V3).without(Extension.nameConstraints).permittedEins("89033023", "89049032");
    }

    @Test
    void theNewerChainWithPermittedPrefixesHolds() throws Exception {
        eum = newerEum().issuedBy(ci);
        card = euicc().policy(EUICC_V3).issuedBy(eum);
        assertHolds();
    }

    @Test
    void anEidOutsideThePermittedPrefixesIsRefused() throws Exception {
        eum = newerEum().permittedEins("89033023", "").issuedBy(ci);
        assertCard(euicc());
        eum = newerEum().permittedEins().issuedBy(ci);
        assertCard(euicc());
    }

    @Test
    void whereNamesAndPrefixesAreStatedBothMustHold() throws Exception {
        eum = eum().permittedEins("89033023").issuedBy(ci);
        assertCard(euicc());
    }

    @Test
    void underPermittedPrefixesTheCardBearsItsManufacturersOrganisation() throws Exception {
        eum = newerEum().issuedBy(ci);
        assertCard(euicc().subject(CertificateMaker.name("Someone Else", EID)));
    }

    private CertificateMaker authority(String policy, int pathLength) {
        return CertificateMaker.authority(curve, "CN=Sub, O=" + CertificateMaker.MAKER, policy, pathLength);
    }

    @Test
    void authoritiesAboveAndBelowTheManufacturerAreTakenFromTheOthersInAnyOrder() throws Exception {
        MadeCertificate top = authority(CI_SUB_CA, 2).issuedBy(ci);
        MadeCertificate maker = newerEum().authority(1).issuedBy(top);
        eum = authority(EUM_SUB_CA, 0).issuedBy(maker);
        card = euicc().policy(EUICC_V3).issuedBy(eum);
        assertHolds(maker, top);
        assertHolds(top, maker);
        assertHolds(CertificateMaker.eum(curve).issuedBy(ci), top, maker);
        assertRefused(Cause.ISSUER_UNKNOWN, maker);
        assertRefused(Cause.ISSUER_UNKNOWN);
    }

    @Test
    void othersThatTheChainDoesNotNeedAreLeftAlone() throws Exception {
        assertHolds(CertificateMaker.eum(curve).issuedBy(ci), ci);
    }

    @Test
    void aLongerChainWithoutAManufacturerIsRefused() throws Exception {
        MadeCertificate top = authority(CI_SUB_CA, 2).issuedBy(ci);
        eum = authority(EUM_SUB_CA, 0).permittedEins("89049032").issuedBy(top);
        card = euicc().policy(EUICC_V3).issuedBy(eum);
        assertRefused(Cause.MANUFACTURER_INVALID, top);
        eum = authority(EUM_SUB_CA, 0).permittedEins("89049032").issuedBy(ci);
        card = euicc().policy(EUICC_V3).issuedBy(eum);
        assertRefused(Cause.MANUFACTURER_INVALID);
    }

    @Test
    void moreAuthoritiesThanAPathLengthAllowsAreRefused() throws Exception {
        MadeCertificate maker = newerEum().authority(0).issuedBy(ci);
        eum = authority(EUM_SUB_CA, 0).issuedBy(maker);
        card = euicc().policy(EUICC_V3).issuedBy(eum);
        assertRefused(Cause.MANUFACTURER_INVALID, maker);
    }

    @Test
    void moreAuthoritiesThanTheRootAllowsAreRefused() throws Exception {
        ci = CertificateMaker.ci(curve).authority(0).selfSigned();
        assertManufacturer(eum());
    }

    @Test
    void anAuthorityThatOnlyClaimsToBeOfTheNextIsRefused() throws Exception {
        MadeCertificate maker = newerEum().authority(1).issuedBy(ci);
        MadeCertificate foreign = newerEum().authority(1).issuedBy(ci);
        eum = authority(EUM_SUB_CA, 0).authorityKeyId(maker.keyId()).issuedBy(foreign);
        card = euicc().policy(EUICC_V3).issuedBy(eum);
        assertRefused(Cause.MANUFACTURER_INVALID, maker);
    }

    @Test
    void chainsThatGoRoundOrOnForEverEnd() throws Exception {
        CertificateMaker round = authority(EUM_SUB_CA, 0);
        eum = round.selfSigned();
        card = euicc().issuedBy(eum);
        assertRefused(Cause.MANUFACTURER_INVALID, eum);
    }
}
