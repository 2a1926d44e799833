package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The decrypted profile package: a row of profile elements (TCA eUICC Profile Package, Interoperable Format).
 *
 * @param iccid digits in the header, in order and without padding
 * @param elementCount elements with header and end
 */
record ProfilePackage(String iccid, int elementCount) {
    private static final int HEADER = 0xA0;
    private static final int END = 0xAA;
    private static final int MASTER_FILE = 0xB0;
    private static final int AKA_PARAMETER = 0xA4;

    static ProfilePackage parse(byte[] bytes) throws CardRefusal {
        try {
            return read(Tlv.parseAll(bytes, TlvLimits.PACKAGE));
        } catch (MalformedTlvException e) {
            throw new CardRefusal(ErrorReason.PE_PROCESSING_ERROR, "profile package: " + e.getMessage());
        }
    }

    private static ProfilePackage read(List<Tlv> elements) throws MalformedTlvException, CardRefusal {
        require(elements.size() > 2, "too few elements");
        Tlv header = elements.getFirst();
        require(header.tag() == HEADER, "does not begin with the header");
        require(elements.getLast().tag() == END, "does not end with the end");
        int major = header.require(0x80).asInt();
        require(major == 2 || major == 3, "major version");
        String ordered = HexFormat.of().formatHex(header.require(0x83).asBytes(10));
        String iccid = ProfileMetadata.withoutPadding(ordered);

        Set<Integer> identifications = new HashSet<>();
        boolean hasMasterFile = false;
        boolean hasKeys = false;
        for (Tlv element : elements.subList(1, elements.size())) {
            require((element.raw()[0] & 0xE0) == 0xA0, "unknown element");
            int identification = element.require(0xA0).require(0x81).asInt();
            require(identifications.add(identification), "identification twice");
            require(element.tag() != END || element.equals(elements.getLast()), "elements after the end");
            if (element.tag() == MASTER_FILE) {
                hasMasterFile = true;
                requireSameIccid(element, iccid);
            }
            hasKeys |= element.tag() == AKA_PARAMETER;
        }
        require(hasMasterFile, "no master file");
        require(hasKeys, "no authentication parameters");
        return new ProfilePackage(iccid, elements.size());
    }

    /** EF.ICCID under the master file holds the number with swapped nibbles. */
    private static void requireSameIccid(Tlv masterFile, String iccid) throws MalformedTlvException, CardRefusal {
        byte[] content = masterFile.require(0xA4).require(0x83).asBytes(10);
        if (!ProfileMetadata.iccid(content).equals(iccid)) {
            throw new CardRefusal(ErrorReason.DATA_MISMATCH, "EF.ICCID is not the header's");
        }
    }

    private static void require(boolean condition, String complaint) throws CardRefusal {
        if (!condition) {
            throw new CardRefusal(ErrorReason.PE_PROCESSING_ERROR, complaint);
        }
    }

    /** Hides the number of the profile. */
    @Override
    public String toString() {
        return "ProfilePackage[" + elementCount + " elements]";
    }
}
