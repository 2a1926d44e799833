package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Imsi;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A profile to be stored, in clear; it does not leave the process in this form.
 *
 * @param tenantId whose it is
 * @param id its identifier, with the virtual shard of its subscription
 * @param names what the device shows
 * @param iccid its number
 * @param imsi the number of the subscriber
 * @param k the subscriber key
 * @param opc the operator constant for it
 * @param matchingId the matching id, or null when only a reserved card may fetch it
 * @param confirmationHash SHA-256 of the confirmation code, or null
 * @param eid the card it is reserved for, or null
 * @param limits of its order
 * @param state at the start
 * @param createdAt when it was ordered
 */
@SuppressWarnings("ArrayRecordComponent")
public record NewProfile(
        int tenantId,
        long id,
        ProfileRow.Names names,
        Iccid iccid,
        Imsi imsi,
        byte[] k,
        byte[] opc,
        @Nullable String matchingId,
        byte @Nullable [] confirmationHash,
        @Nullable Eid eid,
        ProfileRow.Limits limits,
        ProfileState state,
        Instant createdAt) {
    public NewProfile {
        requireNonNull(names, "names is null");
        requireNonNull(iccid, "iccid is null");
        requireNonNull(imsi, "imsi is null");
        requireNonNull(limits, "limits is null");
        requireNonNull(state, "state is null");
        requireNonNull(createdAt, "createdAt is null");
        if (matchingId == null && eid == null && state == ProfileState.RELEASED) {
            throw new IllegalArgumentException("nobody could fetch a profile without matching id and card");
        }
    }

    /** The identifier only. */
    @Override
    public String toString() {
        return "NewProfile[%d]".formatted(id);
    }
}
