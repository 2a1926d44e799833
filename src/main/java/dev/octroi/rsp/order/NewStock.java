package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Imsi;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber of an operator's batch, in clear; it does not leave the process in this form.
 *
 * @param iccid number of the profile
 * @param imsi number of the subscriber
 * @param keys its secrets
 * @param providerName its own service provider name, or null for that of the type
 * @param profileName its own name, or null for that of the type
 * @param ordered who may have it already, or null for stock
 */
public record NewStock(
        Iccid iccid,
        Imsi imsi,
        SubscriberKeys keys,
        @Nullable String providerName,
        @Nullable String profileName,
        @Nullable Ordered ordered) {

    /**
     * An order that came with the batch: released at once.
     *
     * @param matchingId the token of its activation code, or null when only the card may fetch it
     * @param confirmationHash SHA-256 of the confirmation code, or null
     * @param eid the only card that may have it, or null
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Ordered(
            @Nullable String matchingId,
            byte @Nullable [] confirmationHash,
            @Nullable Eid eid) {
        public Ordered {
            if (matchingId == null && eid == null) {
                throw new IllegalArgumentException("nobody could fetch a profile without matching id and card");
            }
        }
    }

    public NewStock {
        requireNonNull(iccid, "iccid is null");
        requireNonNull(imsi, "imsi is null");
        requireNonNull(keys, "keys is null");
    }

    /** Nothing of numbers and keys. */
    @Override
    public String toString() {
        return "NewStock[hidden]";
    }
}
