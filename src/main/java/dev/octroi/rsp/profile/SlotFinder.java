package dev.octroi.rsp.profile;

import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Imsi;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds where the values of a subscriber stand in a package. */
final class SlotFinder {
    private static final int ICCID_BYTES = 10;
    private static final int IMSI_BYTES = 9;
    private static final int ACCESS_CLASS_BYTES = 2;
    private static final String EF_ICCID = "2fe2";
    private static final String EF_IMSI = "6f07";
    private static final String EF_ACCESS_CLASS = "6f78";
    private static final String CURRENT_USIM = "7ff0";

    private final byte[] unprotected;
    private final List<Tlv> elements;
    private final List<Slot> slots = new ArrayList<>();
    private final Set<String> usimDirectories = new HashSet<>(Set.of(CURRENT_USIM));

    private SlotFinder(byte[] unprotected, List<Tlv> elements) {
        this.unprotected = unprotected;
        this.elements = elements;
    }

    static List<Slot> find(byte[] unprotected, List<Tlv> elements) throws FaultException, MalformedTlvException {
        SlotFinder finder = new SlotFinder(unprotected, elements);
        for (Tlv element : elements) {
            finder.visit(element);
        }
        finder.requireIccid();
        finder.requireImsi();
        KeySlots.require(finder.slots);
        return List.copyOf(finder.slots);
    }

    private void visit(Tlv element) throws FaultException, MalformedTlvException {
        switch (element.tag()) {
            case PackageCheck.HEADER -> header(element.require(0x83));
            case PackageCheck.MF -> file(element, 0xA4, Slot.Kind.ICCID_FILE, ICCID_BYTES);
            case PackageCheck.USIM -> usim(element);
            case PackageCheck.FILE_MANAGEMENT -> managed(element);
            case PackageCheck.AKA_PARAMETER -> KeySlots.ofAuthentication(element, slots);
            case PackageCheck.PUK_CODES -> KeySlots.ofUnblockingCodes(element, slots);
            case PackageCheck.PIN_CODES -> KeySlots.ofAdministrativeCodes(element, slots);
            case PackageCheck.SECURITY_DOMAIN -> KeySlots.ofDomain(element, slots);
            default -> {
                // Nothing of a subscriber; the identities of an ISIM are looked at when the IMSI is known.
            }
        }
    }

    private void header(Tlv iccid) throws MalformedTlvException {
        if (iccid.valueLength() != ICCID_BYTES) {
            throw new MalformedTlvException("ICCID of %d bytes".formatted(iccid.valueLength()));
        }
        slots.add(Slot.whole(Slot.Kind.ICCID_HEADER, iccid.valueOffset(), ICCID_BYTES));
    }

    private void usim(Tlv element) throws MalformedTlvException {
        element.find(0xA2)
                .flatMap(directory -> directory.find(0xA1))
                .flatMap(descriptor -> descriptor.find(0x83))
                .ifPresent(id -> usimDirectories.add(HexFormat.of().formatHex(id.value())));
        file(element, 0xA3, Slot.Kind.IMSI, IMSI_BYTES);
        file(element, 0xB2, Slot.Kind.ACCESS_CLASS, ACCESS_CLASS_BYTES);
    }

    private void file(Tlv element, int tag, Slot.Kind kind, int length) throws MalformedTlvException {
        Optional<Tlv> file = element.find(tag);
        if (file.isPresent()) {
            FileContent.ofTemplate(file.get()).slots(kind, length).ifPresent(slots::addAll);
        }
    }

    private void managed(Tlv element) throws MalformedTlvException {
        for (ManagedFiles.Written file : ManagedFiles.of(element)) {
            if (file.path().equals(EF_ICCID)) {
                file.content().slots(Slot.Kind.ICCID_FILE, ICCID_BYTES).ifPresent(slots::addAll);
            }
            for (String usim : usimDirectories) {
                if (file.path().equals(usim + EF_IMSI)) {
                    file.content().slots(Slot.Kind.IMSI, IMSI_BYTES).ifPresent(slots::addAll);
                } else if (file.path().equals(usim + EF_ACCESS_CLASS)) {
                    file.content()
                            .slots(Slot.Kind.ACCESS_CLASS, ACCESS_CLASS_BYTES)
                            .ifPresent(slots::addAll);
                }
            }
        }
    }

    private void requireIccid() throws FaultException {
        List<byte[]> files = values(Slot.Kind.ICCID_FILE, ICCID_BYTES);
        if (files.isEmpty()) {
            throw new FaultException(PackageFault.ICCID_MISSING, "EF.ICCID has no content that can be written over");
        }
        Optional<Iccid> header = values(Slot.Kind.ICCID_HEADER, ICCID_BYTES).stream()
                .findFirst()
                .flatMap(bytes -> read(() -> Iccid.ofHeader(bytes)));
        for (byte[] file : files) {
            Optional<Iccid> named = read(() -> Iccid.ofEf(file));
            if (header.isPresent() && named.isPresent() && !header.equals(named)) {
                throw new FaultException(
                        PackageFault.ICCID_MISMATCH, "the header and EF.ICCID name different profiles");
            }
        }
    }

    private void requireImsi() throws FaultException {
        List<byte[]> files = values(Slot.Kind.IMSI, IMSI_BYTES);
        if (files.isEmpty()) {
            throw new FaultException(PackageFault.IMSI_MISSING, "EF.IMSI has no content that can be written over");
        }
        long usims = elements.stream()
                .filter(element -> element.tag() == PackageCheck.USIM)
                .count();
        if (usims > 1) {
            throw new FaultException(PackageFault.IMSI_AMBIGUOUS, "the package has %d USIMs".formatted(usims));
        }
        Optional<Imsi> imsi = read(() -> Imsi.ofEf(files.getFirst()));
        if (imsi.isPresent()) {
            TextSlots.ofIsim(unprotected, elements, imsi.get(), slots);
        }
    }

    /** The values that stand in the places of one kind, put together from their parts. */
    private List<byte[]> values(Slot.Kind kind, int length) {
        List<byte[]> values = new ArrayList<>();
        byte[] value = new byte[length];
        for (Slot slot : slots) {
            if (slot.kind() == kind) {
                System.arraycopy(unprotected, slot.offset(), value, slot.from(), slot.length());
                if (slot.from() + slot.length() == length) {
                    values.add(value.clone());
                }
            }
        }
        return values;
    }

    private interface Reading<T> {
        T read() throws MalformedTlvException;
    }

    /** A template may hold a placeholder where a number will stand. */
    private static <T> Optional<T> read(Reading<T> reading) {
        try {
            return Optional.of(reading.read());
        } catch (MalformedTlvException placeholder) {
            return Optional.empty();
        }
    }
}
