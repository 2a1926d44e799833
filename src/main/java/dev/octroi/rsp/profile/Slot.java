package dev.octroi.rsp.profile;

import static java.util.Objects.requireNonNull;

/**
 * A place in a profile package where a value of one subscriber stands.
 *
 * @param kind what stands there
 * @param offset of its first byte in the package
 * @param length in bytes
 */
record Slot(Kind kind, int offset, int length) {
    enum Kind {
        /** ICCID in the header: nibbles in order. */
        ICCID_HEADER,
        /** Content of EF.ICCID: nibbles swapped. */
        ICCID_FILE,
        /** Content of EF.IMSI. */
        IMSI,
        /** Content of EF.ACC, the access class that follows from the last digit of the IMSI. */
        ACCESS_CLASS,
        /** The subscriber key of an authentication algorithm. */
        K,
        /** The operator constant of Milenage, made for this key. */
        OPC,
        /** The unblocking code of the PIN. */
        PUK,
        /** The administrative code of the operator. */
        ADM,
        /** Keys of the operator's security domain, in their order. */
        OTA_KEY
    }

    Slot {
        requireNonNull(kind, "kind is null");
        if (offset < 0 || length < 1) {
            throw new IllegalArgumentException("slot out of range");
        }
    }
}
