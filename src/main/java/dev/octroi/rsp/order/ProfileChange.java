package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.session.DeviceFacts;
import dev.octroi.rsp.session.GsmaStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step of a profile's timeline. Carries no identifier in clear.
 *
 * @param tenantId whose profile it is
 * @param profileId the profile, on the virtual shard of its subscription
 * @param no its number in the timeline, from 1
 * @param step what happened
 * @param refusal why it failed; null when it succeeded
 * @param state of the profile after the step
 * @param presence on the card after the step
 * @param profileType the kind of profile
 * @param operatorId the partner that hears of it, 0 for the only one
 * @param device what card and device said of themselves, or null
 * @param notificationSequence number of the card's notification that told it, -1 for none
 * @param at when
 * @param attempts downloads in this life of the profile, so far
 * @param errorCause how the order ended, in state ERROR only
 * @param note who did it and why, when a person did
 */
public record ProfileChange(
        int tenantId,
        long profileId,
        int no,
        ProfileStep step,
        @Nullable GsmaStatus refusal,
        ProfileState state,
        CardPresence presence,
        String profileType,
        long operatorId,
        @Nullable DeviceFacts device,
        long notificationSequence,
        Instant at,
        int attempts,
        @Nullable ErrorCause errorCause,
        @Nullable Note note) {

    /**
     * An act of a person.
     *
     * @param actor {@code reseller} or {@code admin}
     * @param reason at most 400 characters, without identifiers
     */
    public record Note(String actor, String reason) {
        public Note {
            requireNonNull(actor, "actor is null");
            requireNonNull(reason, "reason is null");
        }
    }

    public ProfileChange {
        requireNonNull(step, "step is null");
        requireNonNull(state, "state is null");
        requireNonNull(presence, "presence is null");
        requireNonNull(profileType, "profileType is null");
        requireNonNull(at, "at is null");
    }

    /** Whether the step succeeded. */
    public boolean ok() {
        return refusal == null;
    }

    static ProfileChange of(
            ProfileRow after,
            ProfileStep step,
            @Nullable GsmaStatus refusal,
            @Nullable DeviceFacts device,
            long notificationSequence,
            Instant at) {
        return new ProfileChange(
                after.tenantId(),
                after.id(),
                after.status().progressNo(),
                step,
                refusal,
                after.status().state(),
                after.status().presence(),
                after.names().profileType(),
                after.limits().operatorId(),
                device,
                notificationSequence,
                at,
                after.status().downloads(),
                after.status().errorCause(),
                null);
    }

    /** The same change, made by a person. */
    ProfileChange by(Note person) {
        return new ProfileChange(
                tenantId,
                profileId,
                no,
                step,
                refusal,
                state,
                presence,
                profileType,
                operatorId,
                device,
                notificationSequence,
                at,
                attempts,
                errorCause,
                person);
    }
}
