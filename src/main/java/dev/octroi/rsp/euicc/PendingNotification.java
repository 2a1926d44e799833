package dev.octroi.rsp.euicc;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Tlv;

/**
 * A signed message that waits on the card until an SM-DP+ has taken it.
 *
 * @param sequenceNumber rising by one over the life of the card, from 1
 * @param address whom to send it to: a host name, possibly with a port
 * @param iccid the profile it is about
 * @param message BF37 (ProfileInstallationResult) or 30 (OtherSignedNotification)
 */
public record PendingNotification(int sequenceNumber, CardEvent event, String address, String iccid, Tlv message) {

    public PendingNotification {
        requireNonNull(event, "event is null");
        requireNonNull(address, "address is null");
        requireNonNull(message, "message is null");
    }

    /** Hides the number of the profile. */
    @Override
    public String toString() {
        return "PendingNotification[%d, %s]".formatted(sequenceNumber, event);
    }
}
