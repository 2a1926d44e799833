package dev.octroi.rsp.profile;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rules of the interoperable format that a server can check without a card (TCA profile package §8.1). */
final class PackageCheck {
    static final int HEADER = 0xA0;
    static final int FILE_MANAGEMENT = 0xA1;
    static final int PIN_CODES = 0xA2;
    static final int PUK_CODES = 0xA3;
    static final int AKA_PARAMETER = 0xA4;
    static final int SECURITY_DOMAIN = 0xA6;
    static final int END = 0xAA;
    static final int MF = 0xB0;
    static final int USIM = 0xB3;
    static final int ISIM = 0xB5;
    static final int FILE_CONTENT = 0x83;

    private static final int MIN_MAJOR_VERSION = 2;
    private static final int MAX_MAJOR_VERSION = 3;
    private static final int MANDATED = 0x80;
    private static final int IDENTIFICATION = 0x81;

    /** Numbers of the elements that versions 2 and 3 name; 11 to 15 are kept free. */
    private static final int LAST_OF_FIRST_BLOCK = 0xAA;

    private static final int LAST_OF_SECOND_BLOCK = 0xBE;
    private static final Set<Integer> LONG_TAGS = Set.of(0xBF1F, 0xBF20, 0xBF21);

    private static final Map<Integer, String> REQUIRED = Map.of(
            MF, "MF",
            PUK_CODES, "PUK codes",
            PIN_CODES, "PIN codes",
            USIM, "USIM",
            AKA_PARAMETER, "AKA parameters",
            SECURITY_DOMAIN, "security domain");

    private PackageCheck() {}

    static void check(List<Tlv> elements) throws FaultException, MalformedTlvException {
        if (elements.isEmpty() || elements.getFirst().tag() != HEADER) {
            throw new FaultException(PackageFault.HEADER_MISSING, "the first profile element is not the header");
        }
        if (elements.getLast().tag() != END || position(elements, END) != elements.size() - 1) {
            throw new FaultException(PackageFault.END_MISSING, "the last profile element is not the end");
        }
        int major = elements.getFirst().require(0x80).asInt();
        if (major < MIN_MAJOR_VERSION || major > MAX_MAJOR_VERSION) {
            throw new FaultException(
                    PackageFault.VERSION_UNSUPPORTED, "major version %d of the profile format".formatted(major));
        }
        checkHeads(elements);
        checkRequired(elements);
    }

    /** Every element carries its number; the numbers differ, so that an error of the card can be traced. */
    private static void checkHeads(List<Tlv> elements) throws FaultException, MalformedTlvException {
        Set<Integer> seen = new HashSet<>();
        for (int i = 1; i < elements.size(); i++) {
            Tlv element = elements.get(i);
            Optional<Tlv> head = element.find(0xA0);
            if (!isKnown(element.tag())) {
                if (head.flatMap(found -> found.find(MANDATED)).isPresent()) {
                    throw new FaultException(
                            PackageFault.ELEMENT_UNKNOWN,
                            "element %d has the unknown tag %X and is mandated".formatted(i + 1, element.tag()));
                }
                continue;
            }
            int identification = element.require(0xA0).require(IDENTIFICATION).asInt();
            if (!seen.add(identification)) {
                throw new FaultException(
                        PackageFault.IDENTIFICATION_REPEATED,
                        "element %d repeats the identification %d".formatted(i + 1, identification));
            }
        }
    }

    private static void checkRequired(List<Tlv> elements) throws FaultException {
        for (Map.Entry<Integer, String> required : REQUIRED.entrySet()) {
            if (position(elements, required.getKey()) < 0) {
                throw new FaultException(PackageFault.ELEMENT_MISSING, "there is no element " + required.getValue());
            }
        }
        if (position(elements, MF) > position(elements, USIM)
                || position(elements, USIM) > position(elements, AKA_PARAMETER)) {
            throw new FaultException(
                    PackageFault.ELEMENT_ORDER, "MF comes before the USIM, the USIM before its AKA parameters");
        }
    }

    private static boolean isKnown(int tag) {
        return (tag >= HEADER && tag <= LAST_OF_FIRST_BLOCK)
                || (tag >= MF && tag <= LAST_OF_SECOND_BLOCK)
                || LONG_TAGS.contains(tag);
    }

    private static int position(List<Tlv> elements, int tag) {
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i).tag() == tag) {
                return i;
            }
        }
        return -1;
    }
}
