package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.Tlv;

/** What the card notifies (NotificationEvent, SGP.22 v2.5 §2.4a.1.2). */
public enum CardEvent {
    INSTALL(0x07, 0x80),
    ENABLE(0x06, 0x40),
    DISABLE(0x05, 0x20),
    DELETE(0x04, 0x10);

    private final int unusedBits;
    private final int mask;

    CardEvent(int unusedBits, int mask) {
        this.unusedBits = unusedBits;
        this.mask = mask;
    }

    /** The event as a bit string with one bit set. */
    Tlv bits() {
        return Tlv.of(0x81, new byte[] {(byte) unusedBits, (byte) mask});
    }

    /** Whether a bit string (with its count of unused bits) has this event's bit. */
    boolean isIn(byte[] bitString) {
        return bitString.length > 1 && (bitString[1] & mask) != 0;
    }
}
