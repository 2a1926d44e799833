package dev.octroi.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ES9+.InitiateAuthentication (SGP.22 §5.6.1), in both bindings and on both curves. */
@ParameterizedClass
@EnumSource(names = {"JSON_P256", "ASN1_BRAINPOOL"})
@ExtendWith(OneServer.class)
class InitiateAuthenticationTest {
    private static final byte[] FOREIGN = Der.hex("0102030405060708090A0B0C0D0E0F1011121314");

    private final Wire wire;
    private final SmDp server;
    private Phone phone;

    InitiateAuthenticationTest(Wire wire, SmDp server) {
        this.wire = wire;
        this.server = server;
    }

    @BeforeEach
    void take() throws Exception {
        phone = Phone.of(server, wire);
    }

    @Test
    void serverSigned1HoldsTransactionChallengesAndAddressAndNothingElse() throws Exception {
        byte[] challenge = Keys.random(16);
        Answer answer = phone.initiate(server.address(), phone.card.info1(), challenge);
        Der.Element signed = answer.part("serverSigned1");
        assertThat(signed.tag()).isEqualTo(0x30);
        assertThat(signed.tags()).containsExactly(0x80, 0x81, 0x83, 0x84);
        assertThat(Der.hex(signed.get(0x80).value())).isEqualTo(answer.transactionId());
        assertThat(signed.get(0x80).value()).hasSizeBetween(1, 16);
        assertThat(signed.get(0x81).value()).isEqualTo(challenge);
        assertThat(new String(signed.get(0x83).value(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(server.address());
        assertThat(signed.get(0x84).value()).hasSize(16);
    }

    @Test
    void serverSignature1IsPlainAndByTheCertificateOverTheVeryBytes() throws Exception {
        Answer answer = phone.initiate();
        Der.Element signature = answer.part("serverSignature1");
        assertThat(signature.tag()).isEqualTo(0x5F37);
        assertThat(signature.value()).hasSize(64);
        Issuers.Issuer shown = certificate(answer.part("serverCertificate"));
        assertThat(Keys.verify(
                        Issuers.publicKey(shown),
                        signature.value(),
                        answer.part("serverSigned1").raw()))
                .isTrue();
    }

    @Test
    void serverCertificateIsOfTheCiInTheRoleOfDpAuthAndNamesTheServersOid() throws Exception {
        X509CertificateHolder shown =
                certificate(phone.initiate().part("serverCertificate")).certificate();
        assertThat(shown.isSignatureValid(new JcaContentVerifierProviderBuilder()
                        .setProvider(Keys.BC)
                        .build(Issuers.publicKey(phone.card.issuers.ci))))
                .isTrue();
        assertThat(policy(shown)).isEqualTo("2.23.146.1.2.1.4");
        GeneralName name = GeneralNames.fromExtensions(shown.getExtensions(), Extension.subjectAlternativeName)
                .getNames()[0];
        assertThat(name.getTagNo()).isEqualTo(GeneralName.registeredID);
        assertThat(name.getName()).hasToString(SmDp.OID);
    }

    @Test
    void issuerToBeUsedIsOneThatTheCardSignsUnder() throws Exception {
        Der.Element issuer = phone.initiate().part("euiccCiPKIdToBeUsed");
        assertThat(issuer.tag()).isEqualTo(0x04);
        assertThat(issuer.value()).isEqualTo(phone.card.issuers.ci.keyId());
    }

    @Test
    void everySessionDiffersInTransactionAndChallenge() throws Exception {
        Set<String> seen = new HashSet<>();
        byte[] challenge = Keys.random(16);
        for (int i = 0; i < 8; i++) {
            Answer answer = phone.initiate(server.address(), phone.card.info1(), challenge);
            seen.add(answer.transactionId());
            seen.add(Der.hex(answer.part("serverSigned1").get(0x84).value()));
        }
        assertThat(seen).hasSize(16);
    }

    @Test
    void addressIsComparedWithoutCase() throws Exception {
        phone.initiate(server.address().toUpperCase(Locale.ROOT), phone.card.info1(), Keys.random(16))
                .accepted();
        phone.initiate(server.address().replace("local", "LoCaL"), phone.card.info1(), Keys.random(16))
                .accepted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"smdp.example.org", "localhost", "localhost:1", "127.0.0.1", " ", "local\u0000host"})
    void anotherAddressIsRefused8_8_1_3_8(String address) throws Exception {
        phone.initiate(address, phone.card.info1(), Keys.random(16)).refused("8.8.1/3.8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"020100", "020200", "020201", "020202", "020300", "020400", "020500", "020600", "02FFFF"})
    void cardOfAnyVersion2FromTheFirstIssuedIsServed(String svn) throws Exception {
        phone.card.svn = svn;
        phone.initiate().accepted();
    }

    /** What version 3 calls svn is the lowest version that the card speaks: one with 3 there does not speak this one. */
    @ParameterizedTest
    @ValueSource(strings = {"000000", "010000", "010101", "020000", "030000", "030100", "040000", "FF0000"})
    void cardOfAnotherVersionIsRefused8_8_3_3_1(String svn) throws Exception {
        phone.card.svn = svn;
        phone.initiate().refused("8.8.3/3.1");
    }

    @Test
    void cardThatTrustsNoCertificateOfTheServerIsRefused8_8_4_3_7() throws Exception {
        phone.card.verificationKeys.set(0, FOREIGN);
        phone.initiate().refused("8.8.4/3.7");
        phone.card.verificationKeys.clear();
        phone.initiate().refused("8.8.4/3.7");
    }

    @Test
    void cardThatSignsUnderNoTrustedIssuerIsRefused8_8_2_3_1() throws Exception {
        phone.card.signingKeys.set(0, FOREIGN);
        phone.initiate().refused("8.8.2/3.1");
        phone.card.signingKeys.clear();
        phone.initiate().refused("8.8.2/3.1");
    }

    @Test
    void addressIsLookedAtBeforeVersionAndVersionBeforeIssuers() throws Exception {
        phone.card.svn = "010000";
        phone.card.verificationKeys.set(0, FOREIGN);
        phone.card.signingKeys.set(0, FOREIGN);
        phone.initiate("smdp.example.org", phone.card.info1(), Keys.random(16)).refused("8.8.1/3.8");
        phone.initiate().refused("8.8.3/3.1");
        phone.card.svn = "020202";
        phone.initiate().refused("8.8.4/3.7");
    }

    @Test
    void issuersThatNobodyKnowsArePassedOver() throws Exception {
        phone.card.verificationKeys.addFirst(FOREIGN);
        phone.card.signingKeys.addFirst(FOREIGN);
        assertThat(phone.initiate().part("euiccCiPKIdToBeUsed").value()).isEqualTo(phone.card.issuers.ci.keyId());
    }

    @Test
    void firstIssuerThatBothKnowIsUsed() throws Exception {
        byte[] nist = server.issuers(Wire.JSON_P256).ci.keyId();
        byte[] brainpool = server.issuers(Wire.JSON_BRAINPOOL).ci.keyId();
        for (List<byte[]> preference : List.of(List.of(nist, brainpool), List.of(brainpool, nist))) {
            phone.card.verificationKeys = preference;
            phone.card.signingKeys = preference;
            Answer answer = phone.initiate();
            assertThat(answer.part("euiccCiPKIdToBeUsed").value()).isEqualTo(preference.getFirst());
            assertThat(org.bouncycastle.asn1.x509.AuthorityKeyIdentifier.fromExtensions(
                                    certificate(answer.part("serverCertificate"))
                                            .certificate()
                                            .getExtensions())
                            .getKeyIdentifierOctets())
                    .isEqualTo(preference.getFirst());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 17, 32})
    void challengeOfAnotherLengthIsRefused(int length) throws Exception {
        Answer answer = phone.initiate(server.address(), phone.card.info1(), Keys.random(length));
        // An empty field counts as a missing one in JSON, where it is no text at all.
        answer.refused(length == 0 && !wire.asn1 ? "1.6/2.2" : "1.6/2.1");
    }

    @Test
    void fieldsOfNewerCardsAndPhonesArePassedOver() throws Exception {
        phone.card.moreInfo1.add(Der.tlv(0xB1, Der.tlv(0x04, FOREIGN)));
        phone.card.moreInfo1.add(Der.tlv(0x92, Der.hex("030100")));
        phone.card.moreInfo1.add(Der.tlv(0xBF1F, Der.tlv(0x80, Der.hex("00"))));
        phone.initiate().accepted();
        byte[] capability = Der.tlv(0xA5, Der.tlv(0x80, Der.hex("0640")));
        if (wire.asn1) {
            phone.call(
                            Function.INITIATE,
                            Der.tlv(0x81, Keys.random(16)),
                            Der.utf8(0x83, server.address()),
                            phone.card.info1(),
                            capability)
                    .accepted();
        } else {
            phone.call(Function.INITIATE, request().put("lpaRspCapability", Phone.base64(capability)))
                    .accepted();
        }
    }

    @Test
    void missingFieldIsRefused1_6_2_2() throws Exception {
        if (wire.asn1) {
            byte[] challenge = Der.tlv(0x81, Keys.random(16));
            byte[] address = Der.utf8(0x83, server.address());
            phone.call(Function.INITIATE, address, phone.card.info1()).refused("1.6/2.2");
            phone.call(Function.INITIATE, challenge, phone.card.info1()).refused("1.6/2.2");
            phone.call(Function.INITIATE, challenge, address).refused("1.6/2.2");
            return;
        }
        for (String field : List.of("euiccChallenge", "euiccInfo1", "smdpAddress")) {
            ObjectNode request = request();
            request.remove(field);
            phone.call(Function.INITIATE, request).refused("1.6/2.2");
            phone.call(Function.INITIATE, request.putNull(field)).refused("1.6/2.2");
            phone.call(Function.INITIATE, request.put(field, "")).refused("1.6/2.2");
        }
    }

    @Test
    void cardInformationThatIsNoneIsRefused1_6_2_1() throws Exception {
        byte[] good = phone.card.info1();
        for (byte[] bad : List.of(
                Der.join(good, new byte[1]),
                java.util.Arrays.copyOf(good, good.length - 1),
                Der.tlv(0xBF20),
                Der.tlv(0xBF20, Der.tlv(0x82, Der.hex("0202"))),
                Der.tlv(0x30, Der.read(good).value()),
                Der.hex("BF2080 820302 0202 0000"))) {
            Answer answer = wire.asn1
                    ? Phone.readAsn1(
                            Function.INITIATE,
                            phone.post(
                                    Function.INITIATE.path,
                                    Phone.ASN1_TYPE,
                                    Der.tlv(
                                            0xA2,
                                            Der.tlv(
                                                    0xBF39,
                                                    Der.tlv(0x81, Keys.random(16)),
                                                    Der.utf8(0x83, server.address()),
                                                    bad))))
                    : phone.call(Function.INITIATE, request().put("euiccInfo1", Phone.base64(bad)));
            answer.refused("1.6/2.1");
        }
    }

    @Test
    void lengthsThatAreNotTheShortestAreRead() throws Exception {
        byte[] value = Der.read(phone.card.info1()).value();
        byte[] longer = Der.join(Der.hex("BF208200"), new byte[] {(byte) value.length}, value);
        assertThat(value.length).isLessThan(0x80);
        phone.initiate(server.address(), longer, Keys.random(16)).accepted();
    }

    private ObjectNode request() {
        return Phone.JSON
                .createObjectNode()
                .put("euiccChallenge", Phone.base64(Keys.random(16)))
                .put("euiccInfo1", Phone.base64(phone.card.info1()))
                .put("smdpAddress", server.address());
    }

    private static String policy(X509CertificateHolder shown) {
        return CertificatePolicies.fromExtensions(shown.getExtensions())
                .getPolicyInformation()[0]
                .getPolicyIdentifier()
                .getId();
    }

    private static Issuers.Issuer certificate(Der.Element element) throws Exception {
        return new Issuers.Issuer(new X509CertificateHolder(element.raw()), null);
    }
}
