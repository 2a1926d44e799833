package dev.octroi.drain;

import java.util.List;

/**
 * What is normal for a subscription, hour of the local day by hour: four days of five lie inside.
 *
 * @param hours expected bytes of the local hours 0 to 23
 * @param usualDayBytes usual volume of a day
 * @param learnedDays days of own history behind it, 0 to 15; below 1 it is the plan's population that speaks
 */
public record NormalBand(List<ByteRange> hours, long usualDayBytes, double learnedDays) {
    public NormalBand {
        hours = List.copyOf(hours);
        if (hours.size() != DayCurve.HOURS) {
            throw new IllegalArgumentException("a day has 24 hours");
        }
    }
}
