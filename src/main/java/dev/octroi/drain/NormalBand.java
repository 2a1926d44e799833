package dev.octroi.drain;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is normal for a subscription, hour of the local day by hour: four days of five lie inside.
 *
 * @param hours expected bytes of the local hours 0 to 23
 * @param usualDayBytes usual volume of a day
 * @param offsetMinutes local time less UTC where the newest record was used; empty: nothing was used yet
 * @param learnedDays days of own history behind it, 0 to 15; below 1 it is the plan's population that speaks
 */
public record NormalBand(List<ByteRange> hours, long usualDayBytes, OptionalInt offsetMinutes, double learnedDays) {
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int SECONDS_PER_DAY = 86_400;
    private static final int SECONDS_PER_HOUR = 3_600;

    public NormalBand {
        hours = List.copyOf(hours);
        if (hours.size() != DayCurve.HOURS) {
            throw new IllegalArgumentException("a day has 24 hours");
        }
    }

    /**
     * The hour of the local day, 0 to 23, in which an instant lies.
     *
     * @param ownMinutes local time of the account less UTC, for where nothing was used yet
     */
    public int localHour(Instant at, int ownMinutes) {
        long local = at.getEpochSecond() + (long) offsetMinutes.orElse(ownMinutes) * SECONDS_PER_MINUTE;
        return (int) Math.floorMod(local, (long) SECONDS_PER_DAY) / SECONDS_PER_HOUR;
    }
}
