package dev.octroi.rsp.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Imsi;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Plmn;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProfileTemplateTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] K = HEX.parseHex("465b5ce8b199b49faa5f0a2ee238a6bc");
    private static final byte[] OPC = HEX.parseHex("cd63cb71954a9f4e48a5994e37a02baf");
    private static final Subscriber SUBSCRIBER =
            new Subscriber(new Iccid("8933010000000000012"), new Imsi("001010000000007"), K, OPC);

    private final ProfileTemplate template = MinimalProfile.template("Octroi travel", "Octroi", new Plmn("001", "01"));

    @Test
    void minimalProfileCarriesTheNumbersAndKeysOfItsSubscriber() throws MalformedTlvException {
        List<Tlv> elements = Tlv.parseAll(template.personalise(SUBSCRIBER), TlvLimits.PACKAGE);

        assertThat(elements).extracting(Tlv::tag).containsExactly(0xA0, 0xB0, 0xA3, 0xA2, 0xB3, 0xA4, 0xA6, 0xAA);
        assertThat(elements.get(0).require(0x83).value()).isEqualTo(HEX.parseHex("8933010000000000012f"));
        assertThat(elements.get(1).require(0xA4).require(0x83).value()).isEqualTo(HEX.parseHex("983310000000000010f2"));
        assertThat(elements.get(4).require(0xA3).require(0x83).value()).isEqualTo(HEX.parseHex("080910100000000070"));
        assertThat(elements.get(4).require(0xB2).require(0x83).value()).isEqualTo(HEX.parseHex("0080"));
        Tlv aka = elements.get(5).require(0xA1).require(0xA1);
        assertThat(aka.require(0x80).asInt()).isEqualTo(1);
        assertThat(aka.require(0x82).value()).isEqualTo(K);
        assertThat(aka.require(0x83).value()).isEqualTo(OPC);
    }

    @Test
    void codesAndKeysFollowFromTheSubscriberKeyAndDiffer() throws MalformedTlvException {
        byte[] one = template.personalise(SUBSCRIBER);
        byte[] other = template.personalise(
                new Subscriber(SUBSCRIBER.iccid(), SUBSCRIBER.imsi(), HEX.parseHex("00".repeat(16)), OPC));

        assertThat(template.personalise(SUBSCRIBER)).isEqualTo(one);
        for (Slot slot : template.slots()) {
            byte[] mine = Arrays.copyOfRange(one, slot.offset(), slot.offset() + slot.length());
            byte[] theirs = Arrays.copyOfRange(other, slot.offset(), slot.offset() + slot.length());
            if (List.of(Slot.Kind.PUK, Slot.Kind.ADM, Slot.Kind.OTA_KEY, Slot.Kind.K)
                    .contains(slot.kind())) {
                assertThat(mine).as(slot.kind().name()).isNotEqualTo(theirs);
            }
            if (slot.kind() == Slot.Kind.PUK) {
                assertThat(new String(mine, StandardCharsets.US_ASCII)).matches("[0-9]{8}");
            }
        }
        assertThat(template.slots().stream().filter(slot -> slot.kind() == Slot.Kind.OTA_KEY))
                .hasSize(3);
    }

    @Test
    void aPersonalPackageReadsAsATemplateWithTheSameSlots() throws MalformedTlvException {
        ProfileTemplate again = ProfileTemplate.read(template.personalise(SUBSCRIBER));
        assertThat(again.slots()).isEqualTo(template.slots());
        assertThat(again.profileType()).isEqualTo("Octroi travel");
    }

    @Test
    void refusesAPackageWithoutHeaderOrEndOrWithTwoIccids() throws MalformedTlvException {
        List<Tlv> elements = Tlv.parseAll(template.unprotected(), TlvLimits.PACKAGE);
        assertRefused(elements.subList(1, elements.size()), "header");
        assertRefused(elements.subList(0, elements.size() - 1), "end");

        byte[] mixed = template.personalise(SUBSCRIBER);
        Slot header = template.slots().getFirst();
        mixed[header.offset() + 9] ^= 0x10;
        assertThatThrownBy(() -> ProfileTemplate.read(mixed)).hasMessageContaining("different profiles");
    }

    @Test
    void damagedPackagesAreRefusedOrReadButNeverEscape() {
        Random random = new Random(48);
        byte[] good = template.personalise(SUBSCRIBER);
        for (int round = 0; round < 20_000; round++) {
            byte[] bad = good.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            try {
                ProfileTemplate.read(bad).personalise(SUBSCRIBER);
            } catch (MalformedTlvException expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            }
        }
    }

    private static void assertRefused(List<Tlv> elements, String word) {
        assertThatThrownBy(() -> ProfileTemplate.read(Tlv.concat(elements)))
                .isInstanceOf(MalformedTlvException.class)
                .hasMessageContaining(word);
    }
}
