package dev.octroi.rsp.profile;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.List;
import java.util.Optional;

/** Where keys and codes stand in a package. */
final class KeySlots {
    private static final int TEST_ALGORITHM = 3;
    private static final int PUK_OF_PIN_1 = 0x01;
    private static final int ADM_1 = 0x0A;
    private static final int CODE_BYTES = 8;

    private KeySlots() {}

    /** Parameters that only refer to another application's have no key of their own. */
    static void ofAuthentication(Tlv element, List<Slot> slots) throws FaultException, MalformedTlvException {
        Optional<Tlv> parameters = element.find(0xA1).flatMap(choice -> choice.find(0xA1));
        if (parameters.isEmpty()) {
            return;
        }
        Tlv key = parameters.get().require(0x82);
        if (!Subscriber.isKey(key.valueLength())) {
            throw new FaultException(
                    PackageFault.KEY_MISSING, "a subscriber key of %d bytes".formatted(key.valueLength()));
        }
        slots.add(Slot.whole(Slot.Kind.K, key.valueOffset(), key.valueLength()));
        Optional<Tlv> opc = parameters.get().find(0x83).filter(found -> Subscriber.isKey(found.valueLength()));
        if (opc.isPresent()) {
            slots.add(
                    Slot.whole(Slot.Kind.OPC, opc.get().valueOffset(), opc.get().valueLength()));
        } else if (parameters.get().require(0x80).asInt() != TEST_ALGORITHM) {
            throw new FaultException(PackageFault.OPC_MISSING, "Milenage without OPc, or TUAK without TOPc");
        }
    }

    static void require(List<Slot> slots) throws FaultException {
        if (lengths(slots, Slot.Kind.K) != 1) {
            throw new FaultException(
                    PackageFault.KEY_MISSING, "no authentication parameters have a key, or keys of different lengths");
        }
        if (lengths(slots, Slot.Kind.OPC) > 1) {
            throw new FaultException(PackageFault.OPC_MISSING, "operator constants of different lengths");
        }
    }

    private static long lengths(List<Slot> slots, Slot.Kind kind) {
        return slots.stream()
                .filter(slot -> slot.kind() == kind)
                .mapToInt(Slot::length)
                .distinct()
                .count();
    }

    static void ofUnblockingCodes(Tlv element, List<Slot> slots) throws MalformedTlvException {
        for (Tlv code : element.require(0xA1).children()) {
            if (code.require(0x80).asInt() == PUK_OF_PIN_1) {
                code(Slot.Kind.PUK, code.require(0x81), slots);
            }
        }
    }

    static void ofAdministrativeCodes(Tlv element, List<Slot> slots) throws MalformedTlvException {
        Optional<Tlv> codes = element.find(0xA1).flatMap(choice -> choice.find(0xA0));
        if (codes.isEmpty()) {
            return;
        }
        for (Tlv code : codes.get().children()) {
            if (code.require(0x80).asInt() == ADM_1) {
                code(Slot.Kind.ADM, code.require(0x81), slots);
            }
        }
    }

    static void ofDomain(Tlv element, List<Slot> slots) {
        Optional<Tlv> keys = element.find(0xA2);
        if (keys.isEmpty()) {
            return;
        }
        for (Tlv key : keys.get().children()) {
            List<Tlv> components = key.find(0x30).map(Tlv::children).orElse(List.of());
            for (Tlv component : components) {
                component
                        .find(0x86)
                        .filter(data -> data.valueLength() == Subscriber.KEY_BYTES)
                        .ifPresent(data ->
                                slots.add(Slot.whole(Slot.Kind.OTA_KEY, data.valueOffset(), Subscriber.KEY_BYTES)));
            }
        }
    }

    private static void code(Slot.Kind kind, Tlv value, List<Slot> slots) throws MalformedTlvException {
        if (value.valueLength() != CODE_BYTES) {
            throw new MalformedTlvException("%s of %d bytes".formatted(kind, value.valueLength()));
        }
        slots.add(Slot.whole(kind, value.valueOffset(), CODE_BYTES));
    }
}
