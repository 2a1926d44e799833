package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * StoreMetadataRequest as the card reads it (SGP.22 v2.5 §5.5.3).
 *
 * @param element BF25 as received
 * @param iccid digits, swapped back and without padding
 * @param notifications whom to tell of what
 * @param mayDisable false with PPR1
 * @param mayDelete false with PPR2
 */
record ProfileMetadata(
        Tlv element,
        String iccid,
        String serviceProvider,
        String profileName,
        List<Recipient> notifications,
        boolean mayDisable,
        boolean mayDelete) {
    private static final int PPR1 = 0x40;
    private static final int PPR2 = 0x20;

    /** One entry of the notification configuration. */
    record Recipient(Set<CardEvent> events, String address) {}

    static ProfileMetadata parse(byte[] bytes) throws CardRefusal {
        try {
            return read(Tlv.parse(bytes));
        } catch (MalformedTlvException e) {
            throw new CardRefusal(ErrorReason.INCORRECT_INPUT_VALUES, "metadata: " + e.getMessage());
        }
    }

    static ProfileMetadata read(Tlv element) throws MalformedTlvException, CardRefusal {
        element.expect(0xBF25);
        String provider = element.require(0x91).asUtf8();
        String name = element.require(0x92).asUtf8();
        if (provider.length() > 32 || name.length() > 64) {
            throw new CardRefusal(ErrorReason.INCORRECT_INPUT_VALUES, "name too long");
        }
        Optional<Tlv> icon = element.find(0x94);
        if (icon.isPresent()
                && (icon.get().valueLength() > 1024 || element.find(0x93).isEmpty())) {
            throw new CardRefusal(ErrorReason.INCORRECT_INPUT_VALUES, "icon too big or without type");
        }
        if (element.find(0x95).isPresent()) {
            int profileClass = element.require(0x95).asInt();
            if (profileClass < 0 || profileClass > 2) {
                throw new CardRefusal(ErrorReason.UNSUPPORTED_PROFILE_CLASS, "unknown class");
            }
        }
        int rules = policyRules(element);
        return new ProfileMetadata(
                element,
                iccid(element.require(0x5A).asBytes(10)),
                provider,
                name,
                recipients(element),
                (rules & PPR1) == 0,
                (rules & PPR2) == 0);
    }

    private static int policyRules(Tlv element) throws MalformedTlvException {
        Optional<Tlv> rules = element.find(0x99);
        if (rules.isEmpty()) {
            return 0;
        }
        byte[] bits = rules.get().asBytes(1, 4);
        return bits.length > 1 ? bits[1] & 0xFF : 0;
    }

    private static List<Recipient> recipients(Tlv element) throws MalformedTlvException {
        List<Recipient> found = new ArrayList<>();
        Optional<Tlv> configuration = element.find(0xB6);
        if (configuration.isPresent()) {
            for (Tlv entry : configuration.get().children()) {
                byte[] bits = entry.expect(0x30).require(0x80).asBytes(1, 4);
                Set<CardEvent> events = EnumSet.noneOf(CardEvent.class);
                for (CardEvent event : CardEvent.values()) {
                    if (event.isIn(bits)) {
                        events.add(event);
                    }
                }
                found.add(new Recipient(events, entry.require(0x81).asUtf8()));
            }
        }
        return List.copyOf(found);
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
