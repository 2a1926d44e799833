package dev.octroi.rsp.profile;

import dev.octroi.rsp.asn1.Imsi;
import dev.octroi.rsp.asn1.Tlv;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Where the IMSI stands as text: identities of the ISIM that are made of it (TS 23.003 §13.3, §13.4B). Left as they are,
 * they would name the subscriber of the template.
 */
final class TextSlots {
    private static final int EF_IMPI = 0xA3;
    private static final int EF_IMPU = 0xA4;

    private TextSlots() {}

    static void ofIsim(byte[] unprotected, List<Tlv> elements, Imsi imsi, List<Slot> slots) {
        byte[] digits = imsi.digits().getBytes(StandardCharsets.US_ASCII);
        for (Tlv element : elements) {
            if (element.tag() == PackageCheck.ISIM) {
                for (int tag : new int[] {EF_IMPI, EF_IMPU}) {
                    element.find(tag).ifPresent(file -> search(unprotected, file, digits, slots));
                }
            }
        }
    }

    private static void search(byte[] unprotected, Tlv part, byte[] digits, List<Slot> slots) {
        if (!part.children().isEmpty()) {
            part.children().forEach(child -> search(unprotected, child, digits, slots));
            return;
        }
        int end = part.valueOffset() + part.valueLength();
        for (int at = part.valueOffset(); at + digits.length <= end; at++) {
            if (Arrays.equals(unprotected, at, at + digits.length, digits, 0, digits.length)) {
                slots.add(Slot.whole(Slot.Kind.IMSI_TEXT, at, digits.length));
                at += digits.length - 1;
            }
        }
    }
}
