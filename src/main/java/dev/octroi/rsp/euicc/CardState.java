package dev.octroi.rsp.euicc;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import java.util.Base64;
import java.util.List;

/**
 * Everything a card keeps without power, in the form of its file. Binary fields are base64.
 *
 * @param version of this form, {@value #VERSION}
 * @param eid 32 digits
 * @param lastSequenceNumber of notifications, 0 for a new card
 * @param oneTimeKeys pairs for which a server may hold a package
 */
public record CardState(
        int version,
        String eid,
        CardFacts facts,
        List<StoredIdentity> identities,
        List<StoredProfile> profiles,
        List<StoredNotification> notifications,
        int lastSequenceNumber,
        List<StoredKeys> oneTimeKeys) {
    /** The form that this class writes; {@link StoredCard} reads older ones. */
    public static final int VERSION = 2;

    public CardState {
        requireNonNull(eid, "eid is null");
        requireNonNull(facts, "facts is null");
        identities = List.copyOf(identities);
        profiles = List.copyOf(profiles);
        notifications = List.copyOf(notifications);
        oneTimeKeys = List.copyOf(oneTimeKeys);
        if (version != VERSION || lastSequenceNumber < 0) {
            throw new IllegalArgumentException("not the state of a card");
        }
    }

    /** A card that has done nothing yet. */
    static CardState fresh(String eid, CardFacts facts, List<StoredIdentity> identities) {
        return new CardState(VERSION, eid, facts, identities, List.of(), List.of(), 0, List.of());
    }

    /** A profile with its metadata (BF25) and the CI under which it was delivered. */
    record StoredProfile(String metadata, String aid, boolean enabled, int sizeBytes, String smdpOid, String ciKeyId) {
        StoredProfile {
            requireNonNull(metadata, "metadata is null");
            requireNonNull(aid, "aid is null");
            requireNonNull(smdpOid, "smdpOid is null");
            requireNonNull(ciKeyId, "ciKeyId is null");
        }
    }

    /** A one-time key pair: curve, point and PKCS #8. */
    record StoredKeys(String curve, String point, String privateKey) {
        StoredKeys {
            requireNonNull(curve, "curve is null");
            requireNonNull(point, "point is null");
            requireNonNull(privateKey, "privateKey is null");
        }

        /** Hides the key. */
        @Override
        public String toString() {
            return "StoredKeys[hidden]";
        }
    }

    /** A notification that was not delivered yet. */
    record StoredNotification(int sequenceNumber, CardEvent event, String address, String iccid, String message) {
        StoredNotification {
            requireNonNull(event, "event is null");
            requireNonNull(address, "address is null");
            requireNonNull(iccid, "iccid is null");
            requireNonNull(message, "message is null");
        }

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
