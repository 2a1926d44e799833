package dev.octroi.rsp.session;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a card and its device say of themselves: signed by the card, yet only as true as device and card are. None of
 * it identifies a device.
 *
 * @param specVersion version of SGP.22 that the card conforms to
 * @param firmware version of the card's software
 * @param profileMajorVersion of the profile format that the card reads
 * @param freeMemoryBytes room for profiles, when the card says
 * @param supportsUsim whether the card can run a USIM
 * @param forbiddenRules bits of the policy rules that the device does not allow
 * @param tac type allocation code of the device, 8 digits, or empty
 */
public record DeviceFacts(
        String specVersion,
        String firmware,
        int profileMajorVersion,
        OptionalLong freeMemoryBytes,
        boolean supportsUsim,
        int forbiddenRules,
        String tac) {
    private static final HexFormat HEX = HexFormat.of();
    private static final int USIM_SUPPORT_BIT = 0x40;

    /** Reads EUICCInfo2 (BF22) and the context with the device's information; unknown fields are passed over. */
    static DeviceFacts read(Tlv info, Tlv context) throws MalformedTlvException {
        Optional<Tlv> resources = info.find(0x84);
        OptionalLong memory = resources.isPresent() ? freeMemory(resources.get()) : OptionalLong.empty();
        Optional<Tlv> capability = info.find(0x85);
        boolean usim = capability.isEmpty() || bit(capability.get(), USIM_SUPPORT_BIT);
        Optional<Tlv> forbidden = info.find(0x99);
        return new DeviceFacts(
                SpecVersion.read(info.require(0x82)).toString(),
                version(info.find(0x83)),
                info.find(0x81).isPresent() ? info.require(0x81).asBytes(1, 3)[0] : 2,
                memory,
                usim,
                forbidden.isPresent() ? firstByte(forbidden.get()) : 0,
                tac(context));
    }

    private static OptionalLong freeMemory(Tlv resources) {
        try {
            List<Tlv> fields = Tlv.parseAll(resources.value(), TlvLimits.MESSAGE);
            Optional<Tlv> free =
                    fields.stream().filter(field -> field.tag() == 0x82).findFirst();
            if (free.isPresent() && free.get().valueLength() <= 8) {
                BigInteger bytes = new BigInteger(1, free.get().value());
                return bytes.bitLength() < 63 ? OptionalLong.of(bytes.longValue()) : OptionalLong.empty();
            }
            return OptionalLong.empty();
        } catch (MalformedTlvException e) {
            // ETSI TS 102 226 leaves room for other forms; a card that says nothing readable has no known limit.
            return OptionalLong.empty();
        }
    }

    private static String tac(Tlv context) throws MalformedTlvException {
        Optional<Tlv> device = context.find(0xA1);
        Optional<Tlv> code = device.flatMap(found -> found.find(0x80));
        if (code.isEmpty()) {
            return "";
        }
        String digits = HEX.formatHex(code.get().asBytes(4));
        return digits.length() == 8 && digits.chars().allMatch(each -> each >= '0' && each <= '9') ? digits : "";
    }

    private static boolean bit(Tlv bits, int mask) throws MalformedTlvException {
        return (firstByte(bits) & mask) != 0;
    }

    private static int firstByte(Tlv bits) throws MalformedTlvException {
        byte[] value = bits.asBytes(1, 16);
        return value.length > 1 ? value[1] & 0xFF : 0;
    }

    private static String version(Optional<Tlv> element) throws MalformedTlvException {
        return element.isPresent() ? SpecVersion.read(element.get()).toString() : "";
    }
}
