package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.util.Base64;
import java.util.List;

/**
 * Everything a card keeps without power, in the form of its file. Binary fields are base64.
 *
 * @param eid 32 digits
 * @param lastSequenceNumber of notifications, 0 for a new card
 */
public record CardState(
        String eid,
        CardFacts facts,
        List<StoredIdentity> identities,
        List<StoredProfile> profiles,
        List<StoredNotification> notifications,
        int lastSequenceNumber) {

    public CardState {
        identities = List.copyOf(identities);
        profiles = List.copyOf(profiles);
        notifications = List.copyOf(notifications);
    }

    /** A profile with its metadata (BF25) and the CI under which it was delivered. */
    record StoredProfile(String metadata, String aid, boolean enabled, int sizeBytes, String smdpOid, String ciKeyId) {}

    /** A notification that was not delivered yet. */
    record StoredNotification(int sequenceNumber, CardEvent event, String address, String iccid, String message) {
        static StoredNotification of(PendingNotification pending) {
            return new StoredNotification(
                    pending.sequenceNumber(),
                    pending.event(),
                    pending.address(),
                    pending.iccid(),
                    encode(pending.message()));
        }

        PendingNotification toPending() {
            return new PendingNotification(sequenceNumber, event, address, iccid, decode(message));
        }

        /** Hides the number of the profile. */
        @Override
        public String toString() {
            return "StoredNotification[%d, %s]".formatted(sequenceNumber, event);
        }
    }

    static String encode(Tlv element) {
        return Base64.getEncoder().encodeToString(element.raw());
    }

    static Tlv decode(String base64) {
        try {
            return Tlv.parse(Base64.getDecoder().decode(base64), TlvLimits.MESSAGE);
        } catch (MalformedTlvException e) {
            throw new IllegalArgumentException("not the state of a card", e);
        }
    }

    /** Hides keys and numbers. */
    @Override
    public String toString() {
        return "CardState[%d profiles]".formatted(profiles.size());
    }
}
