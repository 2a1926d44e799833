package dev.octroi.rsp.euicc;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Tlv;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the card and its device say of themselves.
 *
 * @param specVersion the SGP.22 version that the card conforms to, 2.2.0 to 2.5.0
 * @param memoryBytes non-volatile memory for profiles
 * @param ramBytes volatile memory that it reports as free
 * @param forbiddenRules policy rules that its rules authorisation table allows to nobody
 * @param testMode whether it takes profiles of class test
 * @param device the phone
 */
public record CardFacts(
        String specVersion,
        int memoryBytes,
        int ramBytes,
        Set<PolicyRule> forbiddenRules,
        boolean testMode,
        DeviceInfo device) {
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{1,2}");
    private static final int RAM_BYTES = 24 * 1024;
    private static final HexFormat HEX = HexFormat.of();

    public CardFacts {
        requireNonNull(specVersion, "specVersion is null");
        requireNonNull(device, "device is null");
        forbiddenRules = Set.copyOf(forbiddenRules);
        if (!VERSION.matcher(specVersion).matches() || memoryBytes < 0 || ramBytes < 0) {
            throw new IllegalArgumentException("facts of a card out of range");
        }
    }

    /**
     * A card of the usual kind in a usual phone.
     *
     * @param tac type allocation code of the device, 8 digits
     */
    public CardFacts(String specVersion, int memoryBytes, String tac) {
        this(
                specVersion,
                memoryBytes,
                RAM_BYTES,
                Set.of(),
                false,
                new DeviceInfo(tac, null, DeviceInfo.standard().releases()));
    }

    /** A card of today: SGP.22 2.5, 512 kB of memory, no rule forbidden. */
    public static CardFacts standard() {
        return new CardFacts("2.5.0", 512 * 1024, DeviceInfo.standard().tac());
    }

    /** The same with other rules forbidden. */
    public CardFacts forbidding(Set<PolicyRule> rules) {
        return new CardFacts(specVersion, memoryBytes, ramBytes, rules, testMode, device);
    }

    /** The same card in test mode. */
    public CardFacts inTestMode() {
        return new CardFacts(specVersion, memoryBytes, ramBytes, forbiddenRules, true, device);
    }

    /** The same card with another volatile memory, in another device. */
    public CardFacts in(DeviceInfo other, int otherRamBytes) {
        return new CardFacts(specVersion, memoryBytes, otherRamBytes, forbiddenRules, testMode, other);
    }

    /** Type allocation code of the device, 8 digits. */
    public String tac() {
        return device.tac();
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
        int minor = version()[1];
        List<Tlv> parts = new ArrayList<>();
        parts.add(Tlv.of(0x81, HEX.parseHex(minor < 3 ? "020100" : "020301")));
        parts.add(Tlv.of(0x82, version()));
        parts.add(Tlv.of(0x83, HEX.parseHex("010000")));
        parts.add(Tlv.of(0x84, resources(profileCount, freeBytes)));
        parts.add(Tlv.of(0x85, HEX.parseHex("017f36")));
        parts.add(Tlv.of(0x86, HEX.parseHex("090200")));
        parts.add(Tlv.of(0x87, HEX.parseHex("020300")));
        parts.add(Tlv.of(0x88, capability(minor)));
        parts.add(keyIds(0xA9, identities));
        parts.add(keyIds(0xAA, identities));
        if (minor < 3) {
            // euiccCategory: mediumEuicc.
            parts.add(Tlv.integer(0x8B, 2));
        }
        parts.add(PolicyRule.write(0x99, forbiddenRules));
        parts.add(Tlv.of(0x04, HEX.parseHex("010000")));
        parts.add(Tlv.utf8(0x0C, "OC-TR-UP-0001"));
        return Tlv.constructed(0xBF22, parts);
    }

    /** RspCapability: additionalProfile and testProfileSupport; newer cards also take longer DeviceInfo. */
    private static byte[] capability(int minor) {
        return HEX.parseHex(minor < 3 ? "0490" : "0398");
    }

    /** DeviceInfo: type and the radio releases. */
    Tlv deviceInfo() {
        return device.element();
    }

    private byte[] resources(int profileCount, int freeBytes) {
        return Tlv.concat(
                Tlv.of(0x81, new byte[] {(byte) profileCount}),
                Tlv.of(0x82, ByteBuffer.allocate(4).putInt(freeBytes).array()),
                Tlv.of(0x83, ByteBuffer.allocate(4).putInt(ramBytes).array()));
    }

    private static Tlv keyIds(int tag, List<CardIdentity> identities) {
        return Tlv.constructed(
                tag,
                identities.stream()
                        .map(identity -> Tlv.of(0x04, identity.ciKeyId()))
                        .toList());
    }
}
