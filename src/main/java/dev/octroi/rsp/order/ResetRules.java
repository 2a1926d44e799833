package dev.octroi.rsp.order;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a profile may begin anew. Pure. */
final class ResetRules {
    private ResetRules() {}

    /**
     * Looks at the state.
     *
     * @param reuse whether a profile that a card reported as deleted may be given out again
     */
    static Optional<ResetOutcome.Reason> refusal(ProfileStatus status, boolean reuse) {
        return switch (status.state()) {
            case RELEASED, DOWNLOADED, ERROR -> Optional.empty();
            case INSTALLED -> Optional.of(ResetOutcome.Reason.ON_A_CARD);
            case AVAILABLE, ALLOCATED, LINKED, CONFIRMED -> Optional.of(ResetOutcome.Reason.NOT_RELEASED);
            case UNAVAILABLE -> {
                if (status.presence() != CardPresence.DELETED) {
                    yield Optional.of(ResetOutcome.Reason.UNAVAILABLE);
                }
                yield reuse ? Optional.empty() : Optional.of(ResetOutcome.Reason.DELETED_FOR_GOOD);
            }
        };
    }

    /** Looks at what the order would come to. */
    static Optional<ResetOutcome.Reason> refusal(
            boolean hasCode, boolean hasCard, @Nullable Instant expiresAt, Instant now) {
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            return Optional.of(ResetOutcome.Reason.EXPIRY_NEEDED);
        }
        return hasCode || hasCard ? Optional.empty() : Optional.of(ResetOutcome.Reason.CODE_NEEDED);
    }
}
