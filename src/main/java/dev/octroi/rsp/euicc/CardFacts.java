package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.Tlv;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the card and its device say of themselves.
 *
 * @param specVersion the SGP.22 version that the card conforms to, such as 2.5.0
 * @param memoryBytes non-volatile memory for profiles
 * @param tac type allocation code of the device, 8 digits
 */
public record CardFacts(String specVersion, int memoryBytes, String tac) {
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{1,2}");
    private static final Pattern TAC = Pattern.compile("[0-9]{8}");
    private static final HexFormat HEX = HexFormat.of();

    public CardFacts {
        if (!VERSION.matcher(specVersion).matches() || !TAC.matcher(tac).matches() || memoryBytes < 0) {
            throw new IllegalArgumentException("facts of a card out of range");
        }
    }

    /** A card of today: SGP.22 2.5, 512 kB of memory. */
    public static CardFacts standard() {
        return new CardFacts("2.5.0", 512 * 1024, "35290611");
    }

    private byte[] version() {
        String[] parts = specVersion.split("\\.", -1);
        return new byte[] {Byte.parseByte(parts[0]), Byte.parseByte(parts[1]), Byte.parseByte(parts[2])};
    }

    /** EUICCInfo1: what an SM-DP+ needs to choose a CI (SGP.22 v2.5 §4.3). */
    Tlv info1(List<CardIdentity> identities) {
        return Tlv.constructed(0xBF20, Tlv.of(0x82, version()), keyIds(0xA9, identities), keyIds(0xAA, identities));
    }

    /** EUICCInfo2, signed by the card in the common authentication. */
    Tlv info2(List<CardIdentity> identities, int profileCount, int freeBytes) {
        return Tlv.constructed(
                0xBF22,
                Tlv.of(0x81, HEX.parseHex("020301")),
                Tlv.of(0x82, version()),
                Tlv.of(0x83, HEX.parseHex("010000")),
                Tlv.of(0x84, resources(profileCount, freeBytes)),
                Tlv.of(0x85, HEX.parseHex("017f36")),
                Tlv.of(0x86, HEX.parseHex("090200")),
                Tlv.of(0x87, HEX.parseHex("020300")),
                Tlv.of(0x88, HEX.parseHex("0490")),
                keyIds(0xA9, identities),
                keyIds(0xAA, identities),
                Tlv.of(0x99, HEX.parseHex("0640")),
                Tlv.of(0x04, HEX.parseHex("010000")),
                Tlv.utf8(0x0C, "OC-TR-UP-0001"));
    }

    /** DeviceInfo: type and the radio releases. */
    Tlv deviceInfo() {
        return Tlv.constructed(
                0xA1,
                Tlv.of(0x80, HEX.parseHex(tac)),
                Tlv.constructed(
                        0xA1,
                        Tlv.of(0x80, HEX.parseHex("050000")),
                        Tlv.of(0x81, HEX.parseHex("080000")),
                        Tlv.of(0x85, HEX.parseHex("0f0000"))));
    }

    private static byte[] resources(int profileCount, int freeBytes) {
        return Tlv.concat(
                Tlv.of(0x81, new byte[] {(byte) profileCount}),
                Tlv.of(0x82, ByteBuffer.allocate(4).putInt(freeBytes).array()),
                Tlv.of(0x83, ByteBuffer.allocate(4).putInt(24 * 1024).array()));
    }

    private static Tlv keyIds(int tag, List<CardIdentity> identities) {
        return Tlv.constructed(
                tag,
                identities.stream()
                        .map(identity -> Tlv.of(0x04, identity.ciKeyId()))
                        .toList());
    }
}
