package dev.octroi.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ES9+.GetBoundProfilePackage (SGP.22 §5.6.2) and the package (§2.5.4), in both bindings and on both curves. */
@ParameterizedClass
@EnumSource(names = {"JSON_P256", "ASN1_BRAINPOOL"})
@ExtendWith(OneServer.class)
class GetBoundProfilePackageTest {
    private final Wire wire;
    private final SmDp server;
    private Phone phone;

    GetBoundProfilePackageTest(Wire wire, SmDp server) {
        this.wire = wire;
        this.server = server;
    }

    @BeforeEach
    void take() throws Exception {
        phone = Phone.of(server, wire);
    }

    // The package

    @Test
    void packageOpensWithTheCardsKeysByteByByte() throws Exception {
        SmDp.Order order = server.order();
        phone.admitted(order);
        Answer answer = phone.fetch().accepted();
        assertThat(Der.hex(answer.transactionId())).isEqualTo(phone.transactionId);
        BoundPackage opened = open(answer);
        assertThat(opened.configure.tag()).isEqualTo(0xBF24);
        assertThat(opened.metadata.raw())
                .as("the metadata of the offer")
                .isEqualTo(phone.offer.part("profileMetadata").raw());
        List<Der.Element> elements = Der.readAll(opened.profile);
        Der.Element header = elements.getFirst();
        assertThat(header.tag()).isEqualTo(0xA0);
        String digits = Der.hex(header.get(0x83).value());
        assertThat(digits.replaceAll("F+$", "")).as("nibbles in order").isEqualTo(order.iccid());
        assertThat(elements.getLast().tag()).as("PE-End").isEqualTo(0xAA);
        assertThat(order.state()).isEqualTo("downloaded");
        assertThat(order.lastStep()).isEqualTo("downloaded ok");
    }

    @Test
    void serverKeyIsNewForEachPackage() throws Exception {
        phone.admitted(server.order());
        BoundPackage one = open(phone.fetch());
        phone.admitted(server.order());
        assertThat(open(phone.fetch()).serverKey).isNotEqualTo(one.serverKey);
    }

    @Test
    void sameKeyInTheSameSessionGetsTheVerySameBytes() throws Exception {
        phone.admitted(server.order());
        byte[] first = phone.fetch().part("boundProfilePackage").raw();
        assertThat(phone.fetch().part("boundProfilePackage").raw()).isEqualTo(first);
    }

    @Test
    void sameKeyInTheNextSessionGetsTheSamePackageUnderTheNewTransaction() throws Exception {
        SmDp.Order order = server.order();
        phone.admitted(order);
        Answer first = phone.fetch();
        byte[] key = open(first).serverKey;
        phone.admitted(order);
        Answer second = phone.fetch();
        assertThat(open(second).serverKey).isEqualTo(key);
        for (int part : new int[] {0xA0, 0xA1, 0xA3}) {
            assertThat(second.part("boundProfilePackage").get(part).raw())
                    .isEqualTo(first.part("boundProfilePackage").get(part).raw());
        }
    }

    @Test
    void keyOnTheOtherCurveIsNotOffered() throws Exception {
        SmDp.Order order = server.order();
        phone.admitted(order);
        phone.fetch().accepted();
        phone.admitted(order);
        assertThat(phone.offer.part("smdpSigned2").find(0x5F49)).isPresent();
        String other = (wire.curve.equals(Wire.JSON_P256.curve) ? Wire.ASN1_BRAINPOOL : Wire.JSON_P256).curve;
        byte[] point = Keys.point(Keys.generate(other).getPublic());
        order.set("bound_key = '\\x" + Der.hex(point) + "'");
        phone.admitted(order);
        assertThat(phone.offer.part("smdpSigned2").find(0x5F49)).isEmpty();
        phone.fetch().accepted();
    }

    @Test
    void anotherKeyInTheSameSessionIsBoundAnew() throws Exception {
        phone.admitted(server.order());
        byte[] key = open(phone.fetch()).serverKey;
        phone.card.oneTime = Keys.generate(wire.curve);
        assertThat(open(phone.fetch()).serverKey).isNotEqualTo(key);
    }

    @Test
    void anotherKeyInTheNextSessionIsBoundAnew() throws Exception {
        SmDp.Order order = server.order();
        phone.admitted(order);
        byte[] key = open(phone.fetch()).serverKey;
        phone.card.oneTime = Keys.generate(wire.curve);
        phone.admitted(order);
        assertThat(open(phone.fetch()).serverKey).isNotEqualTo(key);
    }

    @Test
    void packagesWithinOneSessionAreLimited8_8_5_6_4() throws Exception {
        SmDp.Order order = server.order().set("download_limit = 2");
        phone.admitted(order);
        phone.fetch().accepted();
        phone.card.oneTime = Keys.generate(wire.curve);
        phone.fetch().accepted();
        phone.fetch().accepted();
        phone.card.oneTime = Keys.generate(wire.curve);
        phone.fetch().refused("8.8.5/6.4");
        assertThat(order.state()).isEqualTo("error");
    }

    // Refusals

    @Test
    void unknownTransactionIsRefused8_10_1_3_9() throws Exception {
        phone.admitted(server.order());
        byte[] own = phone.transactionId;
        phone.transactionId = Keys.random(16);
        phone.fetch().refused("8.10.1/3.9");
        phone.transactionId = own;
        phone.fetch().accepted();
    }

    @Test
    void transactionOfAnotherSessionInTheSignedDataIsRefused8_10_1_3_9AndLeavesTheSessionOpen() throws Exception {
        phone.admitted(server.order());
        phone.signedTransactionId = Keys.random(16);
        phone.fetch().refused("8.10.1/3.9");
        phone.signedTransactionId = phone.transactionId;
        phone.fetch().accepted();
    }

    @Test
    void cardThatDidNotAuthenticateIsRefused8_10_1_3_9() throws Exception {
        phone.initiate();
        phone.smdpSignature2 = Der.tlv(0x5F37, Keys.random(64));
        phone.fetch().refused("8.10.1/3.9");
        phone.authenticate(server.order().matchingId()).accepted();
        phone.fetch().accepted();
    }

    @Test
    void wrongSignatureOfTheCardIsRefused8_1_6_1() throws Exception {
        SmDp.Order order = server.order();
        phone.admitted(order);
        phone.card.spoilsSignatures = true;
        phone.fetch().refused("8.1/6.1");
        assertThat(order.state()).isEqualTo("released");
    }

    @Test
    void signatureThatLeavesOutTheServersIsRefused8_1_6_1() throws Exception {
        phone.admitted(server.order());
        byte[] signed = phone.card.signed2(phone.transactionId, null);
        phone.fetch(Der.tlv(0xBF21, Der.tlv(0xA0, signed, phone.card.sign(signed))))
                .refused("8.1/6.1");
    }

    @Test
    void keyThatIsNoPointIsRefused() throws Exception {
        phone.admitted(server.order());
        byte[] point = Keys.point(phone.card.oneTime.getPublic());
        point[64] ^= 1;
        byte[] signed = Der.tlv(0x30, Der.tlv(0x80, phone.transactionId), Der.tlv(0x5F49, point));
        phone.fetch(phone.card.prepared(signed, phone.smdpSignature2)).refused("8.1/6.1");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 127})
    void errorOfTheCardEndsTheSessionAndIsNoServerError(int code) throws Exception {
        SmDp.Order order = server.order();
        phone.admitted(order);
        phone.fetch(Card.error(0xBF21, phone.transactionId, code)).refused("8.1/6.1");
        phone.fetch().refused("8.10.1/3.9");
        assertThat(order.state()).isEqualTo("released");
        phone.admitted(order);
        phone.fetch().accepted();
    }

    @Test
    void confirmationCodeThatIsMissingIsRefused8_2_7_2_2AndMayFollow() throws Exception {
        phone.admitted(server.order("4711", null, null));
        phone.fetch().refused("8.2.7/2.2");
        phone.fetchWithCode("4711").accepted();
    }

    @Test
    void confirmationCodeThatIsWrongIsRefused8_2_7_3_8AndTheRightOneFollowsInTheSameSession() throws Exception {
        SmDp.Order order = server.order("4711", null, null);
        phone.admitted(order);
        phone.fetchWithCode("0000").refused("8.2.7/3.8");
        assertThat(order.state()).isEqualTo("released");
        open(phone.fetchWithCode("4711"));
    }

    @Test
    void confirmationCodeIsTextOfAnyLength() throws Exception {
        phone.admitted(server.order("Grüezi 0123456789", null, null));
        phone.fetchWithCode("Grüezi 0123456789").accepted();
    }

    @Test
    void codeHashedForAnotherTransactionIsRefused8_2_7_3_8() throws Exception {
        phone.admitted(server.order("4711", null, null));
        phone.fetch(phone.card.prepared(
                        phone.card.signed2(phone.transactionId, Card.hash("4711", Keys.random(16))),
                        phone.smdpSignature2))
                .refused("8.2.7/3.8");
    }

    @Test
    void codeWhereNoneIsAskedForIsPassedOver() throws Exception {
        phone.admitted(server.order());
        phone.fetchWithCode("4711").accepted();
    }

    @Test
    void tooManyWrongCodesAreRefused8_2_7_6_4AndEndTheOrder() throws Exception {
        SmDp.Order order = server.order("4711", null, null).set("confirmation_limit = 2");
        phone.admitted(order);
        phone.fetchWithCode("0000").refused("8.2.7/3.8");
        phone.admitted(order);
        phone.fetchWithCode("0001").refused("8.2.7/6.4");
        assertThat(order.lastStep()).isEqualTo("confirmation 8.2.7/6.4");
        phone.fetchWithCode("4711").refused("8.2.7/6.4");
        assertThat(order.state()).isEqualTo("error");
        assertThat(order.column("error_cause")).isEqualTo("confirmation_limit");
    }

    @Test
    void orderWhoseTimeEndsBetweenOfferAndDownloadIsRefused8_8_5_4_10() throws Exception {
        SmDp.Order order = server.order();
        phone.admitted(order);
        order.set("expires_at = '" + server.now().minus(Duration.ofMinutes(1)) + "'");
        phone.fetch().refused("8.8.5/4.10");
        assertThat(order.state()).isEqualTo("error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"installed", "unavailable"})
    void profileThatIsNoLongerToBeHadIsRefused8_2_3_7(String state) throws Exception {
        SmDp.Order order = server.order();
        phone.admitted(order);
        order.set("state = '" + state + "'");
        phone.fetch().refused("8.2/3.7");
    }

    @Test
    void profileThatAnotherCardFetchedMeanwhileIsRefused8_2_3_7() throws Exception {
        SmDp.Order order = server.order();
        Phone other = Phone.of(server, wire);
        phone.admitted(order);
        other.admitted(order);
        other.fetch().accepted();
        phone.fetch().refused("8.2/3.7");
        assertThat(order.state()).isEqualTo("downloaded");
    }

    @Test
    void responseThatIsNoneIsRefused1_6_2_1AndLeavesTheSessionOpen() throws Exception {
        phone.admitted(server.order());
        byte[] signed = phone.card.signed2(phone.transactionId, null);
        for (byte[] bad : List.of(
                Der.tlv(0xBF21),
                Der.tlv(0xBF21, Der.tlv(0xA0, signed)),
                Der.tlv(0xBF21, Der.tlv(0xA0, phone.card.sign(signed))),
                phone.card.prepared(Der.tlv(0x30, Der.tlv(0x80, phone.transactionId)), phone.smdpSignature2),
                phone.card.prepared(
                        Der.join(phone.card.signed2(phone.transactionId, Keys.random(31))), phone.smdpSignature2))) {
            phone.fetch(bad).refused("1.6/2.1");
        }
        phone.fetch().accepted();
    }

    @Test
    void fieldsOfNewerCardsArePassedOver() throws Exception {
        phone.admitted(server.order());
        byte[] signed = Der.tlv(
                0x30,
                Der.read(phone.card.signed2(phone.transactionId, null)).value(),
                Der.tlv(0xA7, Der.tlv(0x80, Der.hex("01"))));
        phone.fetch(Der.tlv(
                        0xBF21,
                        Der.tlv(
                                0xA0,
                                signed,
                                phone.card.sign(signed, phone.smdpSignature2),
                                Der.tlv(0xBF7F, Der.tlv(0x80)))))
                .accepted();
    }

    private BoundPackage open(Answer answer) throws Exception {
        PublicKey binding = Issuers.publicKey(new Issuers.Issuer(
                new X509CertificateHolder(phone.offer.part("smdpCertificate").raw()), null));
        return new BoundPackage(answer.part("boundProfilePackage"), phone.card, phone.transactionId, binding);
    }
}
