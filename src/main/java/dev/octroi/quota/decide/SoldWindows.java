package dev.octroi.quota.decide;

import dev.octroi.catalog.Renewal;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Which week or month of a plan that renews is its last, where its time zone has moved. The plan keeps its end, which is of the
 * zone in which it began, while its windows go on by the calendar of the new one: there one more may begin just before the end,
 * which nobody bought. Days are those of the calendar, wherever that is.
 */
final class SoldWindows {
    private SoldWindows() {}

    /**
     * The beginning of the last window that was sold; null where the plan's end says which that is.
     *
     * @param begunIn the zone in which the plan began
     * @param zone the zone whose calendar its windows keep now
     */
    static @Nullable Instant last(Renewal renewal, Instant startsAt, Instant endsAt, ZoneId begunIn, ZoneId zone) {
        return renewal.every() == Renewal.Every.DAY || begunIn.equals(zone)
                ? null
                : renewal.window(startsAt, renewal.windows(startsAt, endsAt, begunIn) - 1, zone);
    }
}
