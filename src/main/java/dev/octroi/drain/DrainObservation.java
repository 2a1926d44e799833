package dev.octroi.drain;

import static java.util.Objects.requireNonNull;

/**
 * One usage record as the detector sees it.
 *
 * @param eventEndEpochSeconds end of the record, Unix seconds UTC; may step back, records arrive late
 * @param bytesUp bytes sent by the device; 0 or more
 * @param bytesDown bytes received by the device; 0 or more
 * @param category what the feed says the bytes were for
 * @param zone visited zone, as the feed names it; at most 64 characters
 * @param tzOffsetMinutes local time of the zone minus UTC, minutes
 * @param ofSession whether it is a report within a session: such reports come by the network's clock, whether much was
 *     transferred meanwhile or next to nothing
 */
public record DrainObservation(
        long eventEndEpochSeconds,
        long bytesUp,
        long bytesDown,
        Category category,
        String zone,
        int tzOffsetMinutes,
        boolean ofSession) {

    private static final int MAX_ZONE_LENGTH = 64;
    private static final int MAX_OFFSET_MINUTES = 18 * 60;

    /** A record of what was transferred. */
    public DrainObservation(
            long eventEndEpochSeconds,
            long bytesUp,
            long bytesDown,
            Category category,
            String zone,
            int tzOffsetMinutes) {
        this(eventEndEpochSeconds, bytesUp, bytesDown, category, zone, tzOffsetMinutes, false);
    }

    /** Checks the ranges. */
    public DrainObservation {
        requireNonNull(category);
        requireNonNull(zone);
        if (bytesUp < 0 || bytesDown < 0) {
            throw new IllegalArgumentException("bytes below zero");
        }
        if (zone.length() > MAX_ZONE_LENGTH) {
            throw new IllegalArgumentException("zone name too long");
        }
        if (Math.abs(tzOffsetMinutes) > MAX_OFFSET_MINUTES) {
            throw new IllegalArgumentException("time zone offset out of range");
        }
    }

    /** Both directions together. */
    public long bytes() {
        return bytesUp + bytesDown;
    }
}
