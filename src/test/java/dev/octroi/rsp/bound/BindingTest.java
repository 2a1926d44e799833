package dev.octroi.rsp.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Plmn;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import dev.octroi.rsp.cert.Curve;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BindingTest {
    private static final Eid EID = new Eid("89049032123451234512345678901235");
    private static final byte[] TRANSACTION = {1, 2, 3, 4, 5, 6, 7, 8};

    private final SecureRandom random = new SecureRandom();

    @ParameterizedTest
    @EnumSource(Curve.class)
    void cardOpensWhatIsEncryptedWithSessionKeys(Curve curve) throws Exception {
        for (int length : new int[] {1, 15, 16, 1006, 1007, 1008, 12_261}) {
            byte[] profile = bytes(length);
            Fixture f = new Fixture(curve);

            Tlv bpp = CardSide.parse(
                    f.binding().bind(f.metadata(0), profile, random).bytes());

            CardSide card = f.accept(bpp);
            assertThat(card.open(bpp.require(0xA0).children(), 0x87, true))
                    .isEqualTo(new byte[] {(byte) 0xBF, 0x24, 0});
            assertThat(card.open(bpp.require(0xA1).children(), 0x88, false))
                    .isEqualTo(f.metadata(0).raw());
            assertThat(bpp.find(0xA2)).isEmpty();
            assertThat(card.open(bpp.require(0xA3).children(), 0x86, true)).isEqualTo(profile);
        }
    }

    @ParameterizedTest
    @EnumSource(Curve.class)
    void cardOpensWhatWasProtectedAheadOfTime(Curve curve) throws Exception {
        byte[] profile = bytes(12_261);
        Fixture f = new Fixture(curve);
        ProtectedProfile ready = ProtectedProfile.protect(profile, random);

        Tlv bpp = CardSide.parse(f.binding().bind(f.metadata(0), ready, random).bytes());

        CardSide card = f.accept(bpp);
        card.open(bpp.require(0xA0).children(), 0x87, true);
        card.open(bpp.require(0xA1).children(), 0x88, false);
        Tlv replace = Tlv.parse(card.open(bpp.require(0xA2).children(), 0x87, true));
        assertThat(replace.tag()).isEqualTo(0xBF26);
        card.use(
                replace.require(0x80).value(),
                replace.require(0x81).value(),
                replace.require(0x82).value());
        assertThat(card.open(bpp.require(0xA3).children(), 0x86, true)).isEqualTo(profile);
    }

    @Test
    void metadataWithAnIconIsSplitOverSegments() throws Exception {
        Fixture f = new Fixture(Curve.P256);
        Tlv metadata = f.metadata(1024);

        Tlv bpp = CardSide.parse(f.binding().bind(metadata, bytes(100), random).bytes());

        assertThat(bpp.require(0xA1).children()).hasSize(2);
        CardSide card = f.accept(bpp);
        card.open(bpp.require(0xA0).children(), 0x87, true);
        assertThat(card.open(bpp.require(0xA1).children(), 0x88, false)).isEqualTo(metadata.raw());
        assertThat(card.open(bpp.require(0xA3).children(), 0x86, true)).hasSize(100);
    }

    @Test
    void anotherCardCannotOpenThePackage() throws Exception {
        Fixture f = new Fixture(Curve.P256);
        Tlv bpp = CardSide.parse(
                f.binding().bind(f.metadata(0), bytes(100), random).bytes());
        byte[] secret = f.secret(bpp);
        byte[] hostId = bpp.require(0xBF23).require(0xA6).require(0x84).value();
        byte[] otherEid = new Eid("89049032123451234512345678901236").bytes();

        CardSide other = CardSide.derive(secret, hostId, otherEid);

        assertThatThrownBy(() -> other.open(bpp.require(0xA0).children(), 0x87, true))
                .hasMessage("wrong MAC");
    }

    @Test
    void aRecipeMakesTheVerySamePackageAgain() throws Exception {
        byte[] profile = bytes(12_261);
        Fixture f = new Fixture(Curve.P256);
        BoundPackage made = f.binding().bind(f.metadata(1024), profile, random);

        byte[] kept = made.kept();

        assertThat(kept).hasSizeLessThan(400);
        Recipe recipe = Recipe.decode(kept).orElseThrow();
        assertThat(recipe.make(f.metadata(1024), profile).orElseThrow().bytes()).isEqualTo(made.bytes());
        assertThat(recipe.make(f.metadata(0), profile)).isEmpty();
        profile[12_260] ^= 1;
        assertThat(recipe.make(f.metadata(1024), profile)).isEmpty();
    }

    @Test
    void inAnotherSessionOnlyTheOpeningIsAnotherAndItsRecipeToo() throws Exception {
        byte[] profile = bytes(3_000);
        Fixture f = new Fixture(Curve.P256);
        BoundPackage first = f.binding().bind(f.metadata(0), profile, random);
        Binding later = new Binding(Curve.P256, f.signer.getPrivate(), EID, bytes(16), f.cardPoint());

        BoundPackage second = later.repeat(first, random);

        List<Tlv> before = Tlv.parse(first.bytes(), TlvLimits.PACKAGE).children();
        List<Tlv> after = Tlv.parse(second.bytes(), TlvLimits.PACKAGE).children();
        assertThat(after.get(0)).isNotEqualTo(before.get(0));
        assertThat(after.subList(1, after.size())).isEqualTo(before.subList(1, before.size()));
        assertThat(Recipe.decode(second.kept())
                        .orElseThrow()
                        .make(f.metadata(0), profile)
                        .orElseThrow()
                        .bytes())
                .isEqualTo(second.bytes());
        assertThat(later.repeat(second, random)).isSameAs(second);
    }

    @Test
    void aPackageWhoseContentWasProtectedAheadIsKeptWhole() throws Exception {
        Fixture f = new Fixture(Curve.P256);
        BoundPackage made = f.binding().bind(f.metadata(0), ProtectedProfile.protect(bytes(500), random), random);

        assertThat(made.kept()).isEqualTo(made.bytes());
        assertThat(Recipe.decode(made.kept())).isEmpty();
    }

    @Test
    void aKeyThatIsNoPointOfTheCurveIsRefused() {
        Fixture f = new Fixture(Curve.P256);
        byte[] off = f.cardPoint().clone();
        off[64] ^= 1;
        Binding binding = new Binding(Curve.P256, f.signer.getPrivate(), EID, TRANSACTION, off);
        assertThatThrownBy(() -> binding.bind(f.metadata(0), new byte[10], random))
                .isInstanceOf(InvalidKeyException.class);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private final class Fixture {
        private final Curve curve;
        private final KeyPair signer;
        private final KeyPair cardKeys;

        Fixture(Curve curve) {
            this.curve = curve;
            this.signer = curve.generate(random);
            this.cardKeys = curve.generate(random);
        }

        byte[] cardPoint() {
            return curve.point((ECPublicKey) cardKeys.getPublic());
        }

        Binding binding() {
            return new Binding(curve, signer.getPrivate(), EID, TRANSACTION, cardPoint());
        }

        Tlv metadata(int iconBytes) {
            byte[] icon = new byte[iconBytes];
            Arrays.fill(icon, (byte) 7);
            return new ProfileMetadata(
                            new Iccid("8933010000000000012"),
                            "Octroi",
                            "France 3 GB",
                            iconBytes == 0 ? null : new ProfileIcon(ProfileIcon.Type.PNG, icon),
                            ProfileClass.OPERATIONAL,
                            List.of(NotificationConfiguration.all("smdp.example.org")),
                            new ProfileOwner(new Plmn("208", "01"), null, null),
                            Set.of())
                    .encode();
        }

        byte[] secret(Tlv bpp) throws Exception {
            byte[] serverPoint = bpp.require(0xBF23).require(0x5F49).value();
            return curve.agree(cardKeys.getPrivate(), curve.key(serverPoint).orElseThrow());
        }

        CardSide accept(Tlv bpp) throws Exception {
            assertThat(bpp.tag()).isEqualTo(0xBF36);
            Tlv request = bpp.require(0xBF23);
            assertThat(request.require(0x80).value()).isEqualTo(TRANSACTION);
            assertThat(request.require(0x82).asInt()).isEqualTo(1);
            byte[] signed = Tlv.concat(
                    request.require(0x82),
                    request.require(0x80),
                    request.require(0xA6),
                    request.require(0x5F49),
                    Tlv.of(0x5F49, cardPoint()));
            assertThat(curve.verify(
                            (ECPublicKey) signer.getPublic(),
                            request.require(0x5F37).asBytes(64),
                            signed))
                    .isTrue();
            return CardSide.derive(
                    secret(bpp), request.require(0xA6).require(0x84).value(), EID.bytes());
        }
    }
}
