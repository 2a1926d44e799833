package dev.octroi.rsp.profile;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.util.HexFormat;
import java.util.List;

/**
 * A profile package that was read once: where the values of a subscriber stand is known, so that making the package of
 * the next subscriber is a copy and a few writes. All other bytes stay as the operator wrote them.
 */
public final class ProfileTemplate {
    /** Longest package that is taken: applets included, a card has no room for more. */
    public static final int MAX_BYTES = 256 * 1024;

    private static final TlvLimits LIMITS = new TlvLimits(MAX_BYTES, 24, 65_536);
    private static final int MAX_MINOR_VERSION = 99;
    private static final int MAX_TYPE_LENGTH = 200;
    private static final int ACCESS_CLASSES = 0x03FF;

    private final byte[] unprotected;
    private final List<Slot> slots;
    private final Facts facts;

    /**
     * What a package says of itself.
     *
     * @param majorVersion of the interoperable format
     * @param minorVersion of the interoperable format
     * @param profileType the free text of the header that names the kind of profile, empty without one
     * @param elementCount how many profile elements the package has
     */
    public record Facts(int majorVersion, int minorVersion, String profileType, int elementCount) {
        public Facts {
            requireNonNull(profileType, "profileType is null");
        }
    }

    ProfileTemplate(byte[] unprotected, List<Slot> slots, Facts facts) {
        this.unprotected = unprotected;
        this.slots = List.copyOf(slots);
        this.facts = facts;
    }

    /**
     * Reads and checks an unprotected profile package.
     *
     * @param unprotected the elements of the package one after the other: header first, end last
     */
    public static PackageReading inspect(byte[] unprotected) {
        if (requireNonNull(unprotected, "unprotected is null").length > MAX_BYTES) {
            return new PackageReading.Refused(PackageFault.TOO_LARGE, "more than %d bytes".formatted(MAX_BYTES));
        }
        List<Tlv> elements;
        try {
            elements = Tlv.parseAll(unprotected, LIMITS);
        } catch (MalformedTlvException e) {
            return new PackageReading.Refused(PackageFault.NOT_DER, String.valueOf(e.getMessage()));
        }
        try {
            PackageCheck.check(elements);
            List<Slot> slots = SlotFinder.find(unprotected, elements);
            Facts facts = facts(elements);
            return new PackageReading.Usable(new ProfileTemplate(unprotected.clone(), slots, facts));
        } catch (FaultException e) {
            return e.refused();
        } catch (MalformedTlvException e) {
            return new PackageReading.Refused(PackageFault.ELEMENT_MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    private static Facts facts(List<Tlv> elements) throws MalformedTlvException {
        Tlv header = elements.getFirst();
        int minor = header.require(0x81).asInt();
        String type = header.find(0x82).isPresent() ? header.require(0x82).asUtf8() : "";
        if (minor < 0 || minor > MAX_MINOR_VERSION || type.length() > MAX_TYPE_LENGTH) {
            throw new MalformedTlvException("the header's minor version or profile type is out of range");
        }
        return new Facts(header.require(0x80).asInt(), minor, type, elements.size());
    }

    /**
     * Reads and checks an unprotected profile package that must be usable.
     *
     * @throws MalformedTlvException when it is no package that a card could install
     */
    public static ProfileTemplate read(byte[] unprotected) throws MalformedTlvException {
        return switch (inspect(unprotected)) {
            case PackageReading.Usable usable -> usable.template();
            case PackageReading.Refused refused -> throw new MalformedTlvException(refused.detail());
        };
    }

    /** The length of a package made from it, in bytes. */
    public int sizeBytes() {
        return unprotected.length;
    }

    /**
     * The package of one subscriber.
     *
     * @throws IllegalArgumentException when a value has another length than its place
     */
    public byte[] personalise(Subscriber subscriber) {
        byte[] personal = unprotected.clone();
        int otaKey = 0;
        for (Slot slot : slots) {
            switch (slot.kind()) {
                case ICCID_HEADER -> write(personal, slot, subscriber.iccid().headerBytes());
                case ICCID_FILE -> write(personal, slot, subscriber.iccid().efBytes());
                case IMSI -> write(personal, slot, subscriber.imsi().efBytes());
                case IMSI_TEXT -> writeWhole(personal, slot, subscriber.imsiText());
                case ACCESS_CLASS -> writeAccessClass(personal, slot, subscriber.accessClass());
                case K -> writeWhole(personal, slot, subscriber.k());
                case OPC -> writeWhole(personal, slot, subscriber.opc());
                case PUK -> subscriber.puk().ifPresent(value -> writeWhole(personal, slot, value));
                case ADM -> subscriber.adm().ifPresent(value -> writeWhole(personal, slot, value));
                case OTA_KEY -> {
                    int number = otaKey++;
                    subscriber.otaKey(number).ifPresent(value -> writeWhole(personal, slot, value));
                }
            }
        }
        return personal;
    }

    private static void writeWhole(byte[] personal, Slot slot, byte[] value) {
        if (value.length != slot.length()) {
            throw new IllegalArgumentException(slot.kind() + " has another length than its place");
        }
        write(personal, slot, value);
    }

    private static void write(byte[] personal, Slot slot, byte[] value) {
        System.arraycopy(value, slot.from(), personal, slot.offset(), slot.length());
    }

    /** Classes 0 to 9 follow from the IMSI; those of police and staff, 10 to 15, stay the operator's. */
    private static void writeAccessClass(byte[] personal, Slot slot, int bit) {
        for (int i = 0; i < slot.length(); i++) {
            int shift = slot.from() + i == 0 ? Byte.SIZE : 0;
            int kept = personal[slot.offset() + i] & ~(ACCESS_CLASSES >>> shift);
            personal[slot.offset() + i] = (byte) (kept | (bit >>> shift));
        }
    }

    /** The length of the subscriber key in bytes: 16, or 32 for TUAK with long keys. */
    public int keyBytes() {
        return lengthOf(Slot.Kind.K);
    }

    /** The length of OPc or TOPc in bytes; 0 when the algorithm has none. */
    public int opcBytes() {
        return lengthOf(Slot.Kind.OPC);
    }

    /** How many digits an IMSI must have; 0 when any number of them fits. */
    public int imsiDigits() {
        return lengthOf(Slot.Kind.IMSI_TEXT);
    }

    private int lengthOf(Slot.Kind kind) {
        return slots.stream()
                .filter(slot -> slot.kind() == kind)
                .mapToInt(Slot::length)
                .findFirst()
                .orElse(0);
    }

    /** The package as it was read. */
    public byte[] unprotected() {
        return unprotected.clone();
    }

    /** The length of the package in bytes. */
    public int unprotectedBytes() {
        return unprotected.length;
    }

    /** What the package says of itself. */
    public Facts facts() {
        return facts;
    }

    /** The free text of the header that names the kind of profile. */
    public String profileType() {
        return facts.profileType();
    }

    /** How many profile elements the package has. */
    public int elementCount() {
        return facts.elementCount();
    }

    List<Slot> slots() {
        return slots;
    }

    /** Type and size only. */
    @Override
    public String toString() {
        return "ProfileTemplate[%d elements, %d bytes]".formatted(facts.elementCount(), unprotected.length);
    }

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
