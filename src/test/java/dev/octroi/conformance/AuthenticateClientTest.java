package dev.octroi.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.cert.X509CertificateHolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ES9+.AuthenticateClient (SGP.22 §5.6.3), in both bindings and on both curves. */
@ParameterizedClass
@EnumSource(names = {"JSON_P256", "ASN1_BRAINPOOL"})
@ExtendWith(OneServer.class)
class AuthenticateClientTest {
    private final Wire wire;
    private final SmDp server;
    private Phone phone;

    AuthenticateClientTest(Wire wire, SmDp server) {
        this.wire = wire;
        this.server = server;
    }

    @BeforeEach
    void initiate() throws Exception {
        phone = Phone.of(server, wire);
        phone.initiate().accepted();
    }

    @Test
    void offerHasMetadataAndIsSignedOverTheCardsSignature() throws Exception {
        SmDp.Order order = server.order();
        Answer offer = phone.authenticate(order.matchingId());
        assertThat(Der.hex(offer.transactionId())).isEqualTo(phone.transactionId);
        Der.Element signed = offer.part("smdpSigned2");
        assertThat(signed.tags()).containsExactly(0x80, 0x01);
        assertThat(signed.get(0x80).value()).isEqualTo(phone.transactionId);
        assertThat(signed.get(0x01).value()).containsExactly(0);
        Der.Element signature = offer.part("smdpSignature2");
        assertThat(signature.tag()).isEqualTo(0x5F37);
        assertThat(signature.value()).hasSize(64);
        X509CertificateHolder binding =
                new X509CertificateHolder(offer.part("smdpCertificate").raw());
        assertThat(org.bouncycastle.asn1.x509.CertificatePolicies.fromExtensions(binding.getExtensions())
                        .getPolicyInformation()[0]
                        .getPolicyIdentifier())
                .hasToString("2.23.146.1.2.1.5");
        assertThat(Keys.verify(
                        Issuers.publicKey(new Issuers.Issuer(binding, null)),
                        signature.value(),
                        signed.raw(),
                        phone.signature1))
                .isTrue();
        assertThat(order.lastStep()).isEqualTo("authenticated ok");
    }

    @Test
    void metadataHasTheSwappedIccidNamesAndNotificationAddress() throws Exception {
        SmDp.Order order = server.order();
        Der.Element metadata = phone.authenticate(order.matchingId()).part("profileMetadata");
        assertThat(metadata.tag()).isEqualTo(0xBF25);
        assertThat(metadata.get(0x5A).value()).isEqualTo(order.swappedIccid());
        assertThat(new String(metadata.get(0x91).value(), StandardCharsets.UTF_8))
                .isEqualTo("Octroi");
        assertThat(new String(metadata.get(0x92).value(), StandardCharsets.UTF_8))
                .isEqualTo("France 3 GB");
        assertThat(metadata.find(0x95))
                .as("operational is the default, which DER leaves out")
                .isEmpty();
        for (Der.Element event : metadata.get(0xB6).children()) {
            assertThat(new String(event.get(0x81).value(), StandardCharsets.UTF_8))
                    .as("a host name or an address of this server")
                    .startsWith("localhost");
        }
    }

    @Test
    void confirmationCodeIsAskedFor() throws Exception {
        SmDp.Order order = server.order("4711", null, null);
        assertThat(phone.authenticate(order.matchingId())
                        .part("smdpSigned2")
                        .get(0x01)
                        .value())
                .containsExactly(0xFF);
    }

    // Sessions

    @Test
    void unknownTransactionIsRefused8_10_1_3_9() throws Exception {
        byte[] response = phone.card.authenticated(phone.signed1(server.order().matchingId()));
        phone.transactionId = Keys.random(16);
        phone.authenticate(response).refused("8.10.1/3.9");
    }

    @Test
    void transactionOfAnotherSessionInTheSignedDataIsRefused8_10_1_3_9AndLeavesBothOpen() throws Exception {
        SmDp.Order order = server.order();
        byte[] own = phone.transactionId;
        byte[] response = phone.card.authenticated(phone.signed1(order.matchingId()));
        phone.initiate();
        phone.authenticate(response).refused("8.10.1/3.9");
        phone.transactionId = own;
        phone.authenticate(response).accepted();
    }

    @Test
    void transactionThatWentOnIsRefused8_10_1_3_9() throws Exception {
        byte[] response = phone.card.authenticated(phone.signed1(server.order().matchingId()));
        phone.authenticate(response).accepted();
        phone.authenticate(response).refused("8.10.1/3.9");
        phone.fetch().accepted();
    }

    @Test
    void transactionIsComparedWithoutCase() throws Exception {
        if (wire.asn1) {
            phone.authenticate(server.order().matchingId()).accepted();
            return;
        }
        byte[] response = phone.card.authenticated(phone.signed1(server.order().matchingId()));
        phone.call(
                        Function.AUTHENTICATE,
                        Phone.JSON
                                .createObjectNode()
                                .put(
                                        "transactionId",
                                        Der.hex(phone.transactionId).toLowerCase(Locale.ROOT))
                                .put("authenticateServerResponse", Phone.base64(response)))
                .accepted();
    }

    @Test
    void transactionOfMoreThanSixteenBytesIsRefused8_10_1_3_9() throws Exception {
        phone.transactionId = Keys.random(17);
        phone.authenticate(server.order().matchingId()).refused("8.10.1/3.9");
    }

    // What the card says

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 127})
    void errorOfTheCardEndsTheSessionAndIsNoServerError(int code) throws Exception {
        SmDp.Order order = server.order();
        phone.authenticate(Card.error(0xBF38, phone.transactionId, code)).refused("8.1/6.1");
        phone.authenticate(order.matchingId()).refused("8.10.1/3.9");
        assertThat(order.state()).isEqualTo("released");
    }

    @Test
    void errorOfTheCardForAnotherSessionEndsNothing() throws Exception {
        phone.authenticate(Card.error(0xBF38, Keys.random(16), 2)).refused("8.10.1/3.9");
        phone.authenticate(server.order().matchingId()).accepted();
    }

    @Test
    void wrongSignatureOfTheCardIsRefused8_1_6_1() throws Exception {
        phone.card.spoilsSignatures = true;
        phone.authenticate(server.order().matchingId()).refused("8.1/6.1");
    }

    @Test
    void signatureOfAnotherCardIsRefused8_1_6_1() throws Exception {
        Card other = Card.of(server.issuers(wire));
        byte[] signed = phone.signed1(server.order().matchingId());
        phone.authenticate(Der.tlv(
                        0xBF38,
                        Der.tlv(0xA0, signed, other.sign(signed), phone.card.own.der(), phone.card.manufacturer.der())))
                .refused("8.1/6.1");
    }

    @Test
    void signatureOfAnotherLengthIsRefused8_1_6_1() throws Exception {
        byte[] signed = phone.signed1(server.order().matchingId());
        phone.authenticate(Der.tlv(
                        0xBF38,
                        Der.tlv(
                                0xA0,
                                signed,
                                Der.tlv(0x5F37, new byte[70]),
                                phone.card.own.der(),
                                phone.card.manufacturer.der())))
                .refused("8.1/6.1");
    }

    @Test
    void anotherServerChallengeIsRefused8_1_6_1() throws Exception {
        phone.serverChallenge = Keys.random(16);
        phone.authenticate(server.order().matchingId()).refused("8.1/6.1");
    }

    @Test
    void signatureIsOverTheBytesAsReceived() throws Exception {
        byte[] value = Der.read(phone.signed1(server.order().matchingId())).value();
        byte[] longer =
                Der.join(Der.hex("3083 00"), new byte[] {(byte) (value.length >> 8), (byte) value.length}, value);
        phone.authenticate(Der.tlv(
                        0xBF38,
                        Der.tlv(
                                0xA0,
                                longer,
                                phone.card.sign(longer),
                                phone.card.own.der(),
                                phone.card.manufacturer.der())))
                .accepted();
    }

    // Certificates

    @Test
    void manufacturerOfAnUnknownIssuerIsRefused8_11_1_3_9() throws Exception {
        Issuers strangers = Issuers.strangers(wire.curve);
        phone.card.manufacturer = strangers.eum;
        phone.card.own = strangers.card(strangers.eum, phone.card.eid, Issuers.EUICC_POLICY, Issuers.Validity.LONG);
        phone.authenticate(server.order().matchingId()).refused("8.11.1/3.9");
    }

    @Test
    void manufacturerOfTheOtherIssuerThanTheSessionsIsRefused8_11_1_3_9() throws Exception {
        Wire other = wire.curve.equals(Wire.JSON_P256.curve) ? Wire.JSON_BRAINPOOL : Wire.JSON_P256;
        Card card = new Card(server.issuers(other), phone.card.eid);
        phone.authenticate(card.authenticated(phone.signed1(server.order().matchingId())))
                .refused("8.11.1/3.9");
    }

    @Test
    void alteredManufacturerCertificateIsRefused8_1_2_6_1() throws Exception {
        byte[] altered = phone.card.manufacturer.der();
        altered[altered.length - 1] ^= 1;
        phone.card.manufacturer = new Issuers.Issuer(new X509CertificateHolder(altered), phone.card.manufacturer.key());
        phone.authenticate(server.order().matchingId()).refused("8.1.2/6.1");
    }

    @Test
    void manufacturerInAnotherRoleIsRefused8_1_2_6_1() throws Exception {
        take(phone.card.issuers.manufacturer("2.23.146.1.2.1.4", Issuers.Validity.LONG));
        phone.authenticate(server.order().matchingId()).refused("8.1.2/6.1");
    }

    @Test
    void expiredManufacturerIsRefused8_1_2_6_3() throws Exception {
        take(phone.card.issuers.manufacturer(Issuers.EUM_POLICY, Issuers.Validity.OVER));
        phone.authenticate(server.order().matchingId()).refused("8.1.2/6.3");
    }

    @Test
    void anotherManufacturerOfTheIssuerIsBelieved() throws Exception {
        take(phone.card.issuers.manufacturer(Issuers.EUM_POLICY, Issuers.Validity.LONG));
        phone.authenticate(server.order().matchingId()).accepted();
    }

    @Test
    void alteredCardCertificateIsRefused8_1_3_6_1() throws Exception {
        byte[] altered = phone.card.own.der();
        altered[altered.length - 1] ^= 1;
        phone.card.own = new Issuers.Issuer(new X509CertificateHolder(altered), phone.card.own.key());
        phone.authenticate(server.order().matchingId()).refused("8.1.3/6.1");
    }

    @Test
    void cardInAnotherRoleIsRefused8_1_3_6_1() throws Exception {
        phone.card.own = phone.card.issuers.card(
                phone.card.manufacturer, phone.card.eid, Issuers.EUM_POLICY, Issuers.Validity.LONG);
        phone.authenticate(server.order().matchingId()).refused("8.1.3/6.1");
    }

    @Test
    void cardOfAnotherManufacturerIsRefused8_1_3_6_1() throws Exception {
        Issuers.Issuer other = phone.card.issuers.manufacturer(Issuers.EUM_POLICY, Issuers.Validity.LONG);
        phone.card.own = phone.card.issuers.card(other, phone.card.eid, Issuers.EUICC_POLICY, Issuers.Validity.LONG);
        phone.authenticate(server.order().matchingId()).refused("8.1.3/6.1");
    }

    @Test
    void cardOutsideItsManufacturersRangeIsRefused8_1_3_6_1() throws Exception {
        phone.card.own = phone.card.issuers.card(
                phone.card.manufacturer, Card.eid("89044047"), Issuers.EUICC_POLICY, Issuers.Validity.LONG);
        phone.authenticate(server.order().matchingId()).refused("8.1.3/6.1");
    }

    @Test
    void expiredCardIsRefused8_1_3_6_3() throws Exception {
        phone.card.own = phone.card.issuers.card(
                phone.card.manufacturer, phone.card.eid, Issuers.EUICC_POLICY, Issuers.Validity.OVER);
        phone.authenticate(server.order().matchingId()).refused("8.1.3/6.3");
    }

    private void take(Issuers.Issuer manufacturer) {
        phone.card.manufacturer = manufacturer;
        phone.card.own =
                phone.card.issuers.card(manufacturer, phone.card.eid, Issuers.EUICC_POLICY, Issuers.Validity.LONG);
    }

    // Orders

    @ParameterizedTest
    @ValueSource(strings = {"NO-SUCH-CODE", "X", "$", "0000-0000-0000-0000-0000-0000"})
    void unknownMatchingIdIsRefused8_2_6_3_8(String matchingId) throws Exception {
        phone.authenticate(matchingId).refused("8.2.6/3.8");
    }

    @ParameterizedTest
    @CsvSource({
        "allocated,8.2/1.2",
        "linked,8.2/1.2",
        "confirmed,8.2/1.2",
        "installed,8.2.6/3.8",
        "unavailable,8.2.6/3.8",
    })
    void profileThatIsNotReleasedIsRefused(String state, String status) throws Exception {
        SmDp.Order order = server.order().set("state = '" + state + "'");
        phone.authenticate(order.matchingId()).refused(status);
        assertThat(order.state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({
        "expired,8.8.5/4.10",
        "download_limit,8.8.5/6.4",
        "confirmation_limit,8.2.6/3.8",
        "cancelled,8.2.6/3.8",
        "install_failed,8.2.6/3.8",
    })
    void orderThatEndedIsRefusedByItsCause(String cause, String status) throws Exception {
        SmDp.Order order = server.order().set("state = 'error', error_cause = '" + cause + "'");
        phone.authenticate(order.matchingId()).refused(status);
    }

    @Test
    void profileOfAnotherCardIsRefused8_1_1_3_8() throws Exception {
        SmDp.Order order = server.order(null, Card.eid(Issuers.EID_PREFIX), null);
        phone.authenticate(order.matchingId()).refused("8.1.1/3.8");
        assertThat(order.state()).isEqualTo("released");
        assertThat(order.lastStep()).isEqualTo("authenticated 8.1.1/3.8");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cardWithoutMatchingIdGetsTheProfileThatWaitsForIt(boolean empty) throws Exception {
        SmDp.Order order = server.order(null, phone.card.eid, null);
        Answer offer = phone.authenticate(empty ? "" : null);
        assertThat(offer.part("profileMetadata").get(0x5A).value()).isEqualTo(order.swappedIccid());
    }

    /** The result of the first may be on its way: offered again the card has it already, and the traveller reads of a failure. */
    @Test
    void cardWithoutMatchingIdGetsWhatItHasNotFetchedFirst() throws Exception {
        server.order(null, phone.card.eid, null).set("state = 'downloaded'");
        SmDp.Order second = server.order(null, phone.card.eid, null);
        Answer offer = phone.authenticate("");
        assertThat(offer.part("profileMetadata").get(0x5A).value()).isEqualTo(second.swappedIccid());
    }

    @Test
    void cardThatNobodyKnowsAndThatHasNoMatchingIdIsRefused8_1_1_3_8() throws Exception {
        phone.authenticate((String) null).refused("8.1.1/3.8");
    }

    @Test
    void knownCardWithNothingWaitingIsRefused8_2_6_3_8() throws Exception {
        server.order(null, phone.card.eid, null).set("state = 'installed'");
        phone.authenticate("").refused("8.2.6/3.8");
    }

    @Test
    void orderWhoseTimeIsOverIsRefused8_8_5_4_10AndEnds() throws Exception {
        SmDp.Order order = server.order(null, null, server.now().minus(Duration.ofMinutes(1)));
        phone.authenticate(order.matchingId()).refused("8.8.5/4.10");
        assertThat(order.state()).isEqualTo("error");
        assertThat(order.column("error_cause")).isEqualTo("expired");
    }

    @Test
    void moreAttemptsThanAllowedAreRefused8_8_5_6_4AndEndTheOrder() throws Exception {
        SmDp.Order order = server.order().set("download_limit = 3");
        for (int attempt = 1; attempt <= 3; attempt++) {
            phone.initiate();
            phone.authenticate(order.matchingId()).accepted();
            phone.fetch().accepted();
        }
        phone.initiate();
        phone.authenticate(order.matchingId()).refused("8.8.5/6.4");
        assertThat(order.state()).isEqualTo("error");
        assertThat(order.column("error_cause")).isEqualTo("download_limit");
        assertThat(order.lastStep()).isEqualTo("authenticated 8.8.5/6.4");
    }

    @Test
    void attemptsCountWithoutADownloadAndPostponedOnesDoNot() throws Exception {
        SmDp.Order order = server.order().set("download_limit = 2");
        for (int i = 0; i < 4; i++) {
            phone.admitted(order);
            phone.cancel(1).accepted();
        }
        phone.admitted(order);
        phone.admitted(order);
        phone.initiate();
        phone.authenticate(order.matchingId()).refused("8.8.5/6.4");
    }

    @Test
    void cardWithoutRoomIsRefused8_1_4_8AndMayComeBack() throws Exception {
        SmDp.Order order = server.order();
        phone.card.resources = "810100820200FF8302 0100";
        phone.authenticate(order.matchingId()).refused("8.1/4.8");
        assertThat(order.state()).isEqualTo("released");
        phone.card.resources = "810100 8204 00080000 8302 0100";
        phone.admitted(order);
    }

    @Test
    void cardThatCannotUseTheProfileIsRefused8_2_5_4_3() throws Exception {
        SmDp.Order order = server.order();
        phone.card.capabilities = "0780";
        phone.authenticate(order.matchingId()).refused("8.2.5/4.3");
        phone.card.capabilities = "017f36";
        phone.card.profileVersion = "010000";
        phone.initiate();
        phone.authenticate(order.matchingId()).refused("8.2.5/4.3");
        assertThat(order.state()).isEqualTo("released");
    }

    @Test
    void packageBoundBeforeIsOfferedWithItsOneTimeKey() throws Exception {
        SmDp.Order order = server.order();
        phone.admitted(order);
        phone.fetch().accepted();
        Der.Element signed = phone.admitted(order).part("smdpSigned2");
        assertThat(signed.tags()).containsExactly(0x80, 0x01, 0x5F49);
        assertThat(signed.get(0x5F49).value()).isEqualTo(Keys.point(phone.card.oneTime.getPublic()));
    }

    // Newer and odd messages

    @Test
    void structuresOfNewerCardsArePassedOverAndStillSigned() throws Exception {
        phone.card.moreInfo2.add(Der.tlv(0xAD, Der.tlv(0x80, Der.hex("0640"))));
        phone.card.moreInfo2.add(Der.tlv(0xB4, Der.tlv(0x04, Keys.random(20))));
        phone.card.moreInfo2.add(Der.tlv(0x9F1F, Der.hex("030100")));
        phone.moreContext.add(Der.tlv(0x83, Der.hex("0780")));
        phone.moreContext.add(Der.tlv(0xA4, Der.tlv(0x80, Der.hex("01"))));
        phone.moreSigned1.add(Der.tlv(0x9F21, Der.hex("0102")));
        byte[] chain = Der.tlv(0xA1, phone.card.issuers.eum.der());
        byte[] unknown = Der.tlv(0xBF7F, Der.tlv(0x80, Der.hex("00")));
        byte[] signed = phone.signed1(server.order().matchingId());
        phone.authenticate(phone.card.authenticated(signed, chain, unknown)).accepted();
    }

    @Test
    void responseThatIsNoneIsRefused1_6_2_1AndLeavesTheSessionOpen() throws Exception {
        byte[] good = phone.card.authenticated(phone.signed1(server.order().matchingId()));
        byte[] signed = Der.read(good).get(0xA0).children().getFirst().raw();
        List<byte[]> bad = List.of(
                Der.tlv(0xBF38),
                Der.tlv(0xBF38, Der.tlv(0xA0, signed, Der.tlv(0x5F38, new byte[64]), Der.tlv(0x30), Der.tlv(0x30))),
                Der.tlv(
                        0xBF38,
                        Der.tlv(
                                0xA0,
                                Der.tlv(0x31, signed),
                                Der.tlv(0x5F37, new byte[64]),
                                Der.tlv(0x30),
                                Der.tlv(0x30))),
                Der.tlv(0xBF38, Der.tlv(0xA7, Der.tlv(0x80))));
        for (byte[] response : bad) {
            phone.authenticate(response).refused("1.6/2.1");
        }
        if (!wire.asn1) {
            for (byte[] response : List.of(
                    Der.join(good, Der.hex("00")),
                    Arrays.copyOf(good, good.length - 2),
                    Der.tlv(0xBF21, Der.read(good).value()),
                    Der.hex("BF3880A0800000"))) {
                phone.authenticate(response).refused("1.6/2.1");
            }
        }
        phone.authenticate(good).accepted();
    }

    @Test
    void responseThatLacksACertificateIsRefused1_6_2_2AndLeavesTheSessionOpen() throws Exception {
        byte[] signed = phone.signed1(server.order().matchingId());
        phone.authenticate(Der.tlv(0xBF38, Der.tlv(0xA0, signed, phone.card.sign(signed), phone.card.own.der())))
                .refused("1.6/2.2");
        phone.authenticate(phone.card.authenticated(signed)).accepted();
    }

    @Test
    void missingFieldIsRefused1_6_2_2() throws Exception {
        if (wire.asn1) {
            phone.call(Function.AUTHENTICATE, Der.tlv(0x80, phone.transactionId))
                    .refused("1.6/2.2");
            phone.call(Function.AUTHENTICATE, phone.card.authenticated(phone.signed1("X")))
                    .refused("1.6/2.2");
            return;
        }
        phone.call(
                        Function.AUTHENTICATE,
                        Phone.JSON.createObjectNode().put("transactionId", Der.hex(phone.transactionId)))
                .refused("1.6/2.2");
        phone.call(
                        Function.AUTHENTICATE,
                        Phone.JSON
                                .createObjectNode()
                                .put(
                                        "authenticateServerResponse",
                                        Phone.base64(phone.card.authenticated(phone.signed1("X")))))
                .refused("1.6/2.2");
    }
}
