package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.Tlv;
import java.util.ArrayList;
import java.util.List;

/** Notifications in the order in which they came to be, numbered over the life of the card. */
final class NotificationQueue {
    /** A card gives up the oldest rather than refuse to work. */
    private static final int MAX_PENDING = 200;

    private final List<PendingNotification> pending;
    private int lastSequenceNumber;

    NotificationQueue(List<PendingNotification> pending, int lastSequenceNumber) {
        this.pending = new ArrayList<>(pending);
        this.lastSequenceNumber = lastSequenceNumber;
    }

    /** The queue of a stored card. */
    static NotificationQueue of(CardState state) {
        return new NotificationQueue(
                state.notifications().stream()
                        .map(CardState.StoredNotification::toPending)
                        .toList(),
                state.lastSequenceNumber());
    }

    List<CardState.StoredNotification> toStored() {
        return pending.stream().map(CardState.StoredNotification::of).toList();
    }

    int lastSequenceNumber() {
        return lastSequenceNumber;
    }

    List<PendingNotification> pending() {
        return List.copyOf(pending);
    }

    boolean remove(int sequenceNumber) {
        return pending.removeIf(notification -> notification.sequenceNumber() == sequenceNumber);
    }

    /**
     * NotificationMetadata with the next number.
     *
     * @param iccid ten bytes, or none when a download failed before the card learnt it
     */
    Tlv nextMetadata(CardEvent event, String address, byte[] iccid) {
        lastSequenceNumber++;
        List<Tlv> parts = new ArrayList<>();
        parts.add(Tlv.integer(0x80, lastSequenceNumber));
        parts.add(event.bits());
        parts.add(Tlv.utf8(0x0C, address));
        if (iccid.length > 0) {
            parts.add(Tlv.of(0x5A, iccid));
        }
        return Tlv.constructed(0xBF2F, parts);
    }

    /** Queues the message for the metadata that was made last. */
    PendingNotification add(CardEvent event, String address, String iccid, Tlv message) {
        PendingNotification made = new PendingNotification(lastSequenceNumber, event, address, iccid, message);
        pending.add(made);
        if (pending.size() > MAX_PENDING) {
            pending.removeFirst();
        }
        return made;
    }
}
