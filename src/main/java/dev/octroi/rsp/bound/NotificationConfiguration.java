package dev.octroi.rsp.bound;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Tlv;
import java.util.Set;

/**
 * Which events of a profile the card reports, and to which server (SGP.22 §2.4a.1.1).
 *
 * @param events at least one
 * @param address the FQDN of the server
 */
public record NotificationConfiguration(Set<NotificationEvent> events, String address) {
    private static final int MAX_ADDRESS = 255;

    public NotificationConfiguration {
        requireNonNull(address, "address is null");
        events = Set.copyOf(events);
        if (events.isEmpty() || address.isEmpty() || address.length() > MAX_ADDRESS) {
            throw new IllegalArgumentException("a notification needs events and an address");
        }
    }

    /** All four events to one server. */
    public static NotificationConfiguration all(String address) {
        return new NotificationConfiguration(Set.of(NotificationEvent.values()), address);
    }

    Tlv encode() {
        return Tlv.constructed(0x30, Tlv.of(0x80, NotificationEvent.encode(events)), Tlv.utf8(0x81, address));
    }
}
