package dev.octroi.rsp.profile;

import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules of the interoperable format that a server can check without a card (TCA profile package §8.1). */
final class PackageCheck {
    static final int HEADER = 0xA0;
    static final int PUK_CODES = 0xA3;
    static final int PIN_CODES = 0xA2;
    static final int AKA_PARAMETER = 0xA4;
    static final int SECURITY_DOMAIN = 0xA6;
    static final int END = 0xAA;
    static final int MF = 0xB0;
    static final int USIM = 0xB3;
    static final int FILE_CONTENT = 0x83;

    private static final int SUPPORTED_MAJOR_VERSION = 2;

    private PackageCheck() {}

    static void check(List<Tlv> elements) throws MalformedTlvException {
        if (elements.size() < 3 || elements.getFirst().tag() != HEADER) {
            throw new MalformedTlvException("the first profile element is not the header");
        }
        if (elements.getLast().tag() != END) {
            throw new MalformedTlvException("the last profile element is not the end");
        }
        Tlv header = elements.getFirst();
        int major = header.require(0x80).asInt();
        if (major < 1 || major > SUPPORTED_MAJOR_VERSION) {
            throw new MalformedTlvException("major version %d of the profile format".formatted(major));
        }
        Iccid iccid = Iccid.ofHeader(header.require(FILE_CONTENT).asBytes(10));
        Optional<Tlv> mf =
                elements.stream().filter(element -> element.tag() == MF).findFirst();
        if (mf.isPresent()) {
            Optional<Tlv> file = mf.get().find(0xA4);
            Optional<Tlv> content = file.flatMap(f -> f.find(FILE_CONTENT));
            if (content.isPresent() && !Iccid.ofEf(content.get().asBytes(10)).equals(iccid)) {
                throw new MalformedTlvException("the header and EF.ICCID name different profiles");
            }
        }
        checkIdentifications(elements);
    }

    /** Every element carries its number; the numbers differ, so that an error of the card can be traced. */
    private static void checkIdentifications(List<Tlv> elements) throws MalformedTlvException {
        Set<Integer> seen = new HashSet<>();
        for (Tlv element : elements.subList(1, elements.size())) {
            Optional<Tlv> identification = element.find(0xA0).flatMap(head -> head.find(0x81));
            if (identification.isPresent() && !seen.add(identification.get().asInt())) {
                throw new MalformedTlvException("two profile elements have one identification");
            }
        }
    }
}
