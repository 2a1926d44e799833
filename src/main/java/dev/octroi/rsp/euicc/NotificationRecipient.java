package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One entry of a profile's notification configuration (SGP.22 v2.5 §2.4a.1.2).
 *
 * @param events what to tell
 * @param address whom: a host name, possibly with a port
 */
record NotificationRecipient(Set<CardEvent> events, String address) {
    private static final int MAX_ADDRESS_BYTES = 255;

    static List<NotificationRecipient> readAll(Optional<Tlv> configuration) throws MalformedTlvException {
        List<NotificationRecipient> found = new ArrayList<>();
        if (configuration.isPresent()) {
            for (Tlv entry : configuration.get().children()) {
                found.add(read(entry.expect(0x30)));
            }
        }
        return List.copyOf(found);
    }

    private static NotificationRecipient read(Tlv entry) throws MalformedTlvException {
        byte[] bits = entry.require(0x80).asBytes(1, 4);
        Set<CardEvent> events = EnumSet.noneOf(CardEvent.class);
        for (CardEvent event : CardEvent.values()) {
            if (event.isIn(bits)) {
                events.add(event);
            }
        }
        Tlv address = entry.require(0x81);
        address.asBytes(1, MAX_ADDRESS_BYTES);
        return new NotificationRecipient(events, address.asUtf8());
    }
}
