package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * StoreMetadataRequest as the card reads it (SGP.22 v2.5 §5.5.3).
 *
 * @param element BF25 as received
 * @param iccid digits, swapped back and without padding
 * @param profileClass test 0, provisioning 1, operational 2
 * @param notifications whom to tell of what
 * @param hasOwner whether the operator is named
 * @param rules policy rules of the profile
 */
record ProfileMetadata(
        Tlv element,
        String iccid,
        String serviceProvider,
        String profileName,
        int profileClass,
        List<NotificationRecipient> notifications,
        boolean hasOwner,
        Set<PolicyRule> rules) {
    static final int TEST = 0;
    static final int OPERATIONAL = 2;

    private static final int MAX_PROVIDER_CHARACTERS = 32;
    private static final int MAX_NAME_CHARACTERS = 64;
    private static final int MAX_ICON_BYTES = 1024;

    static ProfileMetadata parse(byte[] bytes) throws CardRefusal {
        try {
            return read(Tlv.parse(bytes));
        } catch (MalformedTlvException e) {
            throw new CardRefusal(ErrorReason.INCORRECT_INPUT_VALUES, "metadata: " + e.getMessage());
        }
    }

    static ProfileMetadata read(Tlv element) throws MalformedTlvException, CardRefusal {
        TlvOrder.require(element.expect(0xBF25), 0x5A, 0x91, 0x92, 0x93, 0x94, 0x95, 0xB6, 0xB7, 0x99);
        String provider = text(element.require(0x91), MAX_PROVIDER_CHARACTERS);
        String name = text(element.require(0x92), MAX_NAME_CHARACTERS);
        checkIcon(element.find(0x93), element.find(0x94));
        String iccid = iccid(element.require(0x5A).asBytes(10));
        require(iccid.matches("[0-9]{18,20}"), "ICCID that is no number");
        int profileClass =
                element.find(0x95).isPresent() ? element.require(0x95).asInt() : OPERATIONAL;
        if (profileClass < TEST || profileClass > OPERATIONAL) {
            throw new CardRefusal(ErrorReason.UNSUPPORTED_PROFILE_CLASS, "unknown class");
        }
        Optional<Tlv> owner = element.find(0xB7);
        if (owner.isPresent()) {
            owner.get().require(0x80).asBytes(3);
        }
        Optional<Tlv> rules = element.find(0x99);
        return new ProfileMetadata(
                element,
                iccid,
                provider,
                name,
                profileClass,
                NotificationRecipient.readAll(element.find(0xB6)),
                owner.isPresent(),
                rules.isPresent() ? PolicyRule.read(rules.get()) : Set.of());
    }

    private static String text(Tlv field, int maxCharacters) throws MalformedTlvException, CardRefusal {
        String text = field.asUtf8();
        require(text.codePointCount(0, text.length()) <= maxCharacters, "name too long");
        return text;
    }

    /** Type and icon come together; JPEG or PNG of at most 1024 bytes. */
    private static void checkIcon(Optional<Tlv> type, Optional<Tlv> icon) throws MalformedTlvException, CardRefusal {
        require(type.isPresent() == icon.isPresent(), "icon without type or type without icon");
        if (type.isPresent() && icon.isPresent()) {
            int kind = type.get().asInt();
            require(kind == 0 || kind == 1, "icon that is neither JPEG nor PNG");
            require(icon.get().valueLength() <= MAX_ICON_BYTES, "icon too big");
        }
    }

    private static void require(boolean condition, String complaint) throws CardRefusal {
        if (!condition) {
            throw new CardRefusal(ErrorReason.INCORRECT_INPUT_VALUES, complaint);
        }
    }

    /** The digits of ten bytes whose nibbles are swapped and padded with F. */
    static String iccid(byte[] swapped) {
        StringBuilder digits = new StringBuilder();
        for (char c : HexFormat.of().formatHex(swapped).toCharArray()) {
            int at = digits.length();
            if (at % 2 == 0) {
                digits.append(c);
            } else {
                digits.insert(at - 1, c);
            }
        }
        return withoutPadding(digits.toString());
    }

    static String withoutPadding(String digits) {
        return digits.replaceAll("f+$", "");
    }

    byte[] iccidBytes() {
        return element.find(0x5A).orElseThrow().value();
    }

    /** Hides the number of the profile. */
    @Override
    public String toString() {
        return "ProfileMetadata[" + serviceProvider + ", " + profileName + "]";
    }
}
