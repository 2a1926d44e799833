package dev.octroi.rsp.profile;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds where the values of a subscriber stand in a package. */
final class SlotFinder {
    private static final int MILENAGE = 1;
    private static final int PUK_OF_PIN_1 = 0x01;
    private static final int ADM_1 = 0x0A;

    private final List<Slot> slots = new ArrayList<>();

    private SlotFinder() {}

    static List<Slot> find(List<Tlv> elements) throws MalformedTlvException {
        SlotFinder finder = new SlotFinder();
        for (Tlv element : elements) {
            finder.visit(element);
        }
        return List.copyOf(finder.slots);
    }

    private void visit(Tlv element) throws MalformedTlvException {
        switch (element.tag()) {
            case PackageCheck.HEADER -> add(Slot.Kind.ICCID_HEADER, element.require(0x83), 10);
            case PackageCheck.MF -> file(element, 0xA4, Slot.Kind.ICCID_FILE, 10);
            case PackageCheck.USIM -> {
                file(element, 0xA3, Slot.Kind.IMSI, 9);
                file(element, 0xB2, Slot.Kind.ACCESS_CLASS, 2);
            }
            case PackageCheck.AKA_PARAMETER -> authentication(element);
            case PackageCheck.PUK_CODES -> unblockingCodes(element);
            case PackageCheck.PIN_CODES -> administrativeCodes(element);
            case PackageCheck.SECURITY_DOMAIN -> domainKeys(element);
            default -> {
                // Nothing of a subscriber.
            }
        }
    }

    private void file(Tlv element, int tag, Slot.Kind kind, int length) {
        Optional<Tlv> content = element.find(tag).flatMap(file -> file.find(PackageCheck.FILE_CONTENT));
        content.filter(found -> found.valueLength() == length)
                .ifPresent(found -> slots.add(new Slot(kind, found.valueOffset(), length)));
    }

    /** Keys of 16 bytes only, and OPc only where Milenage (or the test algorithm) has it. */
    private void authentication(Tlv element) throws MalformedTlvException {
        Optional<Tlv> parameters = element.find(0xA1).flatMap(choice -> choice.find(0xA1));
        if (parameters.isEmpty()) {
            return;
        }
        Tlv key = parameters.get().require(0x82);
        if (key.valueLength() == Subscriber.KEY_BYTES) {
            slots.add(new Slot(Slot.Kind.K, key.valueOffset(), Subscriber.KEY_BYTES));
        }
        Optional<Tlv> opc = parameters.get().find(0x83);
        if (opc.isPresent() && opc.get().valueLength() == Subscriber.KEY_BYTES) {
            slots.add(new Slot(Slot.Kind.OPC, opc.get().valueOffset(), Subscriber.KEY_BYTES));
        } else if (parameters.get().require(0x80).asInt() == MILENAGE) {
            throw new MalformedTlvException("Milenage without OPc");
        }
    }

    private void unblockingCodes(Tlv element) throws MalformedTlvException {
        for (Tlv code : element.require(0xA1).children()) {
            if (code.require(0x80).asInt() == PUK_OF_PIN_1) {
                add(Slot.Kind.PUK, code.require(0x81), 8);
            }
        }
    }

    private void administrativeCodes(Tlv element) throws MalformedTlvException {
        Optional<Tlv> codes = element.find(0xA1).flatMap(choice -> choice.find(0xA0));
        if (codes.isEmpty()) {
            return;
        }
        for (Tlv code : codes.get().children()) {
            if (code.require(0x80).asInt() == ADM_1) {
                add(Slot.Kind.ADM, code.require(0x81), 8);
            }
        }
    }

    private void domainKeys(Tlv element) throws MalformedTlvException {
        Optional<Tlv> keys = element.find(0xA2);
        if (keys.isEmpty()) {
            return;
        }
        for (Tlv key : keys.get().children()) {
            for (Tlv component : key.require(0x30).children()) {
                Tlv data = component.require(0x86);
                if (data.valueLength() == Subscriber.KEY_BYTES) {
                    slots.add(new Slot(Slot.Kind.OTA_KEY, data.valueOffset(), Subscriber.KEY_BYTES));
                }
            }
        }
    }

    private void add(Slot.Kind kind, Tlv value, int length) throws MalformedTlvException {
        if (value.valueLength() != length) {
            throw new MalformedTlvException("%s of %d bytes".formatted(kind, value.valueLength()));
        }
        slots.add(new Slot(kind, value.valueOffset(), length));
    }
}
