package dev.octroi.quota;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The plan's period.
 *
 * @param state whether it runs
 * @param startsAt its beginning, when known
 * @param endsAt the first moment after it, when known
 */
public record PeriodView(
        State state, @Nullable Instant startsAt, @Nullable Instant endsAt) {
    /** Where a period stands. */
    public enum State {
        NOT_STARTED,
        ACTIVE,
        ENDED
    }
}
