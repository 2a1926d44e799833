package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A profile as it is stored: identifiers sealed.
 *
 * @param tenantId whose it is
 * @param id its identifier
 * @param names what the device shows
 * @param origin what it is made from
 * @param sealed identifiers
 * @param limits of its order
 * @param status what changes
 * @param version for optimistic writes
 * @param createdAt when it was ordered
 * @param isListenedTo whether somebody wants to know of its steps, see {@link ProfileListener}; true when it was not asked
 */
public record ProfileRow(
        int tenantId,
        long id,
        Names names,
        Origin origin,
        Sealed sealed,
        Limits limits,
        ProfileStatus status,
        int version,
        Instant createdAt,
        boolean isListenedTo) {

    /**
     * What the device shows and which template is used.
     *
     * @param profileType the kind of profile
     * @param providerName at most 32 bytes of UTF-8
     * @param profileName at most 64 bytes of UTF-8
     */
    public record Names(String profileType, String providerName, String profileName) {}

    /**
     * What the content of a profile is made from.
     *
     * @param typeId the stored type, 0 for a profile that is made here
     * @param typeVersion the version of the type that it was imported with
     * @param orderNo how often it was taken from stock
     */
    public record Origin(long typeId, int typeVersion, int orderNo) {
        /** A profile that is made here. */
        public static final Origin MADE_HERE = new Origin(0, 0, 0);

        boolean isMadeHere() {
            return typeId == 0;
        }
    }

    /**
     * Identifiers, sealed for this row.
     *
     * @param iccid the number of the profile
     * @param imsi the number of the subscriber, or null when another server made the profile
     * @param matchingId the matching id, or null
     * @param confirmation SHA-256 of the confirmation code, or null when none is asked for
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Sealed(
            byte[] iccid, byte @Nullable [] imsi, byte @Nullable [] matchingId, byte @Nullable [] confirmation) {}

    /**
     * The limits of an order.
     *
     * @param downloads attempts to download, 1 to 1000
     * @param confirmations wrong codes, 1 to 1000
     * @param expiresAt end of the order, or null
     * @param operatorId the partner that hears of the progress, 0 for the only one
     */
    public record Limits(
            int downloads, int confirmations, @Nullable Instant expiresAt, long operatorId) {}

    public ProfileRow {
        requireNonNull(names, "names is null");
        requireNonNull(origin, "origin is null");
        requireNonNull(sealed, "sealed is null");
        requireNonNull(limits, "limits is null");
        requireNonNull(status, "status is null");
        requireNonNull(createdAt, "createdAt is null");
    }

    /** Whether a confirmation code is asked for. */
    public boolean needsConfirmation() {
        return sealed.confirmation() != null;
    }

    /** The same profile with another status. */
    ProfileRow with(ProfileStatus next) {
        return new ProfileRow(tenantId, id, names, origin, sealed, limits, next, version, createdAt, isListenedTo);
    }

    /** The same profile with the status that was written over this version of it. */
    ProfileRow written(ProfileStatus next) {
        return new ProfileRow(tenantId, id, names, origin, sealed, limits, next, version + 1, createdAt, isListenedTo);
    }

    /** The identifier and the state only. */
    @Override
    public String toString() {
        return "ProfileRow[%d, %s]".formatted(id, status.state());
    }
}
