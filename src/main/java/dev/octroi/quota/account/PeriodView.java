package dev.octroi.quota.account;

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
 * @param renewsAt when the plan's volume comes anew, where it does before the end
 */
public record PeriodView(
        State state,
        @Nullable Instant startsAt,
        @Nullable Instant endsAt,
        StartMode waitsFor,
        @Nullable Instant predictedEndsAt,
        @Nullable Instant renewsAt) {
    /** Where a period stands. */
    public enum State {
        NOT_STARTED,
        ACTIVE,
        ENDED
    }
}
