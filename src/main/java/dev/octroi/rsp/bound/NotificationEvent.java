package dev.octroi.rsp.bound;

import dev.octroi.rsp.asn1.MalformedTlvException;
import java.util.EnumSet;
import java.util.Set;

/** What a card reports about a profile: the bits of NotificationEvent, in their order (SGP.22 §2.4a.1.1). */
public enum NotificationEvent {
    /** The profile was installed, or its installation failed. */
    INSTALL(0x80),
    /** The profile was enabled. */
    ENABLE(0x40),
    /** The profile was disabled. */
    DISABLE(0x20),
    /** The profile was deleted. */
    DELETE(0x10);

    private final int bit;

    NotificationEvent(int bit) {
        this.bit = bit;
    }

    /** A BIT STRING without trailing zero bits, as DER wants it: unused bits, then the bits. */
    public static byte[] encode(Set<NotificationEvent> events) {
        int bits = 0;
        for (NotificationEvent event : events) {
            bits |= event.bit;
        }
        return new byte[] {(byte) Integer.numberOfTrailingZeros(bits | 0x100), (byte) bits};
    }

    /** Reads a BIT STRING; bits of newer versions are passed over. */
    public static Set<NotificationEvent> decode(byte[] value) throws MalformedTlvException {
        if (value.length < 1 || value.length > 4 || value[0] < 0 || value[0] > 7) {
            throw new MalformedTlvException("no bit string of events");
        }
        Set<NotificationEvent> events = EnumSet.noneOf(NotificationEvent.class);
        for (NotificationEvent event : values()) {
            if (value.length > 1 && (value[1] & event.bit) != 0) {
                events.add(event);
            }
        }
        return events;
    }
}
