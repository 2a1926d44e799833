package dev.octroi.rsp.profile;

import static java.util.Objects.requireNonNull;

/**
 * A place in a profile package where a value of one subscriber, or a part of it, stands.
 *
 * @param kind what stands there
 * @param from first byte of the value that stands there
 * @param offset of its first byte in the package
 * @param length in bytes
 */
record Slot(Kind kind, int from, int offset, int length) {
    /** What may stand in a place. */
    enum Kind {
        /** ICCID in the header: nibbles in order. */
        ICCID_HEADER(1),
        /** Content of EF.ICCID: nibbles swapped. */
        ICCID_FILE(2),
        /** Content of EF.IMSI. */
        IMSI(3),
        /** Content of EF.ACC, the access class that follows from the last digit of the IMSI. */
        ACCESS_CLASS(4),
        /** The subscriber key of an authentication algorithm. */
        K(5),
        /** The operator constant of Milenage or TUAK, made for this key. */
        OPC(6),
        /** The unblocking code of the PIN. */
        PUK(7),
        /** The administrative code of the operator. */
        ADM(8),
        /** Keys of the operator's security domain, in their order. */
        OTA_KEY(9),
        /** The digits of the IMSI as text, within the identities of the ISIM. */
        IMSI_TEXT(10);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** The form in stored templates; never given to another kind. */
        int code() {
            return code;
        }

        static Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no kind of place");
        }
    }

    Slot {
        requireNonNull(kind, "kind is null");
        if (from < 0 || offset < 0 || length < 1) {
            throw new IllegalArgumentException("slot out of range");
        }
    }

    /** A place with a whole value. */
    static Slot whole(Kind kind, int offset, int length) {
        return new Slot(kind, 0, offset, length);
    }
}
