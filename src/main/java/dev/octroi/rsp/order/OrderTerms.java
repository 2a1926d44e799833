package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What an order comes to after a function of ES2+: all of it, so that nothing of an earlier order stays.
 *
 * @param state of the profile
 * @param card the card it is reserved for, or null
 * @param matchingId the matching id in clear, or null when the card alone decides
 * @param confirmationHash SHA-256 of the confirmation code, or null
 * @param operatorId the partner, who owns the order and hears of the progress
 */
@SuppressWarnings("ArrayRecordComponent")
record OrderTerms(
        ProfileState state,
        ProfileStatus.@Nullable CardReference card,
        @Nullable String matchingId,
        byte @Nullable [] confirmationHash,
        long operatorId) {
    OrderTerms {
        requireNonNull(state, "state is null");
    }

    /** Nothing is left of an order whose profile is never used again. */
    static OrderTerms withdrawn(long operatorId) {
        return new OrderTerms(ProfileState.UNAVAILABLE, null, null, null, operatorId);
    }

    /** Nothing of the codes. */
    @Override
    public String toString() {
        return "OrderTerms[" + state + "]";
    }
}
