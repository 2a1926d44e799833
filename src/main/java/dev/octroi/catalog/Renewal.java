package dev.octroi.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/**
 * A volume that comes anew within the plan's period.
 *
 * @param every how often: each day from midnight of the plan's {@link DayZone}, each week or month from the beginning of
 *     the period on, at the same time of day
 * @param rolloverBytes how much of what was not used stays for one more window, 0 to 1 PB
 */
public record Renewal(Every every, long rolloverBytes) {
    private static final long MAX_BYTES = 1_000_000_000_000_000L;

    public Renewal {
        requireNonNull(every, "every is null");
        if (rolloverBytes < 0 || rolloverBytes > MAX_BYTES) {
            throw new IllegalArgumentException("a rollover is 0 bytes to 1 PB");
        }
    }

    /** The beginning of the window that a moment lies in; the period's beginning when the moment is before it. */
    public Instant windowStart(Instant startsAt, Instant at, ZoneId zone) {
        if (!at.isAfter(startsAt)) {
            return startsAt;
        }
        return switch (every) {
            case DAY ->
                later(startsAt, LocalDate.ofInstant(at, zone).atStartOfDay(zone).toInstant());
            case WEEK, MONTH -> begin(startsAt, whole(startsAt, at, zone), zone);
        };
    }

    /** The beginning of the window after the one that a moment lies in. */
    public Instant windowEnd(Instant startsAt, Instant at, ZoneId zone) {
        Instant within = later(startsAt, at);
        return switch (every) {
            case DAY ->
                LocalDate.ofInstant(within, zone).plusDays(1).atStartOfDay(zone).toInstant();
            case WEEK, MONTH -> begin(startsAt, whole(startsAt, within, zone) + 1, zone);
        };
    }

    /** The beginning of a window in another zone: as many whole weeks or months from the period's beginning on. */
    public Instant sameWindow(Instant startsAt, Instant windowStart, ZoneId before, ZoneId after) {
        return switch (every) {
            case DAY -> windowStart;
            case WEEK, MONTH -> begin(startsAt, whole(startsAt, later(startsAt, windowStart), before), after);
        };
    }

    /**
     * The beginning of a week or month of the period.
     *
     * @param number 0 for the first
     */
    public Instant window(Instant startsAt, long number, ZoneId zone) {
        return begin(startsAt, number, zone);
    }

    /** How many weeks or months of a period begin before its end, the last one perhaps shorter than the others. */
    public long windows(Instant startsAt, Instant endsAt, ZoneId zone) {
        return whole(startsAt, later(startsAt, endsAt.minusNanos(1)), zone) + 1;
    }

    /** How many whole windows lie between: counted from the beginning, so that the 31st stays the 31st. */
    private long whole(Instant startsAt, Instant at, ZoneId zone) {
        ZonedDateTime start = startsAt.atZone(zone);
        long whole = unit().between(start, at.atZone(zone));
        while (begin(startsAt, whole, zone).isAfter(at)) {
            whole--;
        }
        while (!begin(startsAt, whole + 1, zone).isAfter(at)) {
            whole++;
        }
        return whole;
    }

    private Instant begin(Instant startsAt, long windows, ZoneId zone) {
        return startsAt.atZone(zone).plus(windows, unit()).toInstant();
    }

    private ChronoUnit unit() {
        return switch (every) {
            case DAY -> ChronoUnit.DAYS;
            case WEEK -> ChronoUnit.WEEKS;
            case MONTH -> ChronoUnit.MONTHS;
        };
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** How often a volume renews. */
    public enum Every {
        DAY,
        WEEK,
        MONTH
    }
}
