package dev.octroi.quota;

import dev.octroi.catalog.Validity.StartMode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The plan's period.
 *
 * @param state whether it runs
 * @param startsAt its beginning, when known
 * @param endsAt the first moment after it, when known
 * @param waitsFor what begins it
 * @param predictedEndsAt the first moment after it, if what it waits for happened now; null once it has begun
 */
public record PeriodView(
        State state,
        @Nullable Instant startsAt,
        @Nullable Instant endsAt,
        StartMode waitsFor,
        @Nullable Instant predictedEndsAt) {
    /** Where a period stands. */
    public enum State {
        NOT_STARTED,
        ACTIVE,
        ENDED
    }
}
