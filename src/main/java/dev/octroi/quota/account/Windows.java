package dev.octroi.quota.account;

import dev.octroi.policy.Rule;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/**
 * Where windows begin and end. Days and weeks are those of a time zone: a day may have 23 or 25 hours, and where midnight
 * does not exist it begins with the first moment of the date.
 */
public final class Windows {
    private Windows() {}

    /** First moment of the hour. */
    public static Instant hourStart(Instant at) {
        return at.truncatedTo(ChronoUnit.HOURS);
    }

    /** First moment of the day. */
    public static Instant dayStart(Instant at, ZoneId zone) {
        return LocalDate.ofInstant(at, zone).atStartOfDay(zone).toInstant();
    }

    /** First moment of the week, which begins with Monday. */
    public static Instant weekStart(Instant at, ZoneId zone) {
        return monday(at, zone).atStartOfDay(zone).toInstant();
    }

    /** First moment of the calendar month. */
    public static Instant monthStart(Instant at, ZoneId zone) {
        return LocalDate.ofInstant(at, zone)
                .withDayOfMonth(1)
                .atStartOfDay(zone)
                .toInstant();
    }

    /**
     * First moment of a date in another zone.
     *
     * @param at any moment of the date in the zone before
     */
    public static Instant sameDate(Instant at, ZoneId before, ZoneId after) {
        return LocalDate.ofInstant(at, before).atStartOfDay(after).toInstant();
    }

    /** First moment of an hour, day or week; a period is the account's own matter. */
    static Instant start(Rule.Window window, Instant at, ZoneId zone) {
        return switch (window) {
            case HOUR -> hourStart(at);
            case DAY -> dayStart(at, zone);
            case WEEK -> weekStart(at, zone);
            case PERIOD, ROLLING -> throw new IllegalArgumentException("not a window of the calendar");
        };
    }

    /** First moment after an hour, day or week. */
    public static Instant end(Rule.Window window, Instant at, ZoneId zone) {
        return switch (window) {
            case HOUR -> hourStart(at).plus(1, ChronoUnit.HOURS);
            case DAY ->
                LocalDate.ofInstant(at, zone).plusDays(1).atStartOfDay(zone).toInstant();
            case WEEK -> monday(at, zone).plusWeeks(1).atStartOfDay(zone).toInstant();
            case PERIOD, ROLLING -> throw new IllegalArgumentException("not a window of the calendar");
        };
    }

    private static LocalDate monday(Instant at, ZoneId zone) {
        return LocalDate.ofInstant(at, zone).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    }
}
