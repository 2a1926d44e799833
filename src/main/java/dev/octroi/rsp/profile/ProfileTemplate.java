package dev.octroi.rsp.profile;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.util.HexFormat;
import java.util.List;

/**
 * A profile package that was read once: where the values of a subscriber stand is known, so that making the package of
 * the next subscriber is a copy and a few writes.
 */
public final class ProfileTemplate {
    private final byte[] unprotected;
    private final List<Slot> slots;
    private final String profileType;
    private final int elementCount;

    private ProfileTemplate(byte[] unprotected, List<Slot> slots, String profileType, int elementCount) {
        this.unprotected = unprotected;
        this.slots = slots;
        this.profileType = profileType;
        this.elementCount = elementCount;
    }

    /**
     * Reads and checks an unprotected profile package.
     *
     * @param unprotected the elements of the package one after the other: header first, end last
     * @throws MalformedTlvException when it is no package that a card could install
     */
    public static ProfileTemplate read(byte[] unprotected) throws MalformedTlvException {
        requireNonNull(unprotected, "unprotected is null");
        List<Tlv> elements = Tlv.parseAll(unprotected, TlvLimits.PACKAGE);
        PackageCheck.check(elements);
        List<Slot> slots = SlotFinder.find(elements);
        Tlv header = elements.getFirst();
        String type = header.find(0x82).isPresent() ? header.require(0x82).asUtf8() : "";
        return new ProfileTemplate(unprotected.clone(), slots, type, elements.size());
    }

    /** The package of one subscriber. */
    public byte[] personalise(Subscriber subscriber) {
        byte[] personal = unprotected.clone();
        int otaKey = 0;
        for (Slot slot : slots) {
            byte[] value = switch (slot.kind()) {
                case ICCID_HEADER -> subscriber.iccid().headerBytes();
                case ICCID_FILE -> subscriber.iccid().efBytes();
                case IMSI -> subscriber.imsi().efBytes();
                case ACCESS_CLASS -> subscriber.accessClass();
                case K -> subscriber.k();
                case OPC -> subscriber.opc();
                case PUK -> subscriber.digits("puk");
                case ADM -> subscriber.digits("adm");
                case OTA_KEY -> subscriber.key("ota" + otaKey++);
            };
            System.arraycopy(value, 0, personal, slot.offset(), slot.length());
        }
        return personal;
    }

    /** The package as it was read. */
    public byte[] unprotected() {
        return unprotected.clone();
    }

    /** The length of the package in bytes. */
    public int unprotectedBytes() {
        return unprotected.length;
    }

    /** The free text of the header that names the kind of profile. */
    public String profileType() {
        return profileType;
    }

    /** How many profile elements the package has. */
    public int elementCount() {
        return elementCount;
    }

    List<Slot> slots() {
        return slots;
    }

    /** Type and size only. */
    @Override
    public String toString() {
        return "ProfileTemplate[%d elements, %d bytes]".formatted(elementCount, unprotected.length);
    }

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
