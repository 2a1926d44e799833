package dev.octroi.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long a plan lasts and when that begins. Days, weeks and months are those of the calendar in the plan's
 * {@link DayZone}: a day may have 23 or 25 hours, and a month that begins on the 31st ends on the last day of a shorter
 * one, at the same time of day. A time that the change of clocks skips is the first one after the gap.
 *
 * @param amount number of units, 1 to 366
 * @param unit the unit
 * @param start what begins it
 * @param fixedStart the moment of the beginning, for {@link StartMode#FIXED} only
 * @param firstDay the date of the beginning, for {@link StartMode#FIXED} only: the plan lasts whole days of the day
 *     zone, from the first moment of this one on. A fixed plan has either a moment or a date
 */
public record Validity(
        int amount,
        Unit unit,
        StartMode start,
        @Nullable Instant fixedStart,
        @Nullable LocalDate firstDay) {
    private static final int MAX_AMOUNT = 366;

    public Validity {
        requireNonNull(unit, "unit is null");
        requireNonNull(start, "start is null");
        if (amount < 1 || amount > MAX_AMOUNT) {
            throw new IllegalArgumentException("a validity is 1 to 366 units");
        }
        if (fixedStart != null && firstDay != null) {
            throw new IllegalArgumentException("a fixed start is a moment or a date, not both");
        }
        if (start == StartMode.FIXED == (fixedStart == null && firstDay == null)) {
            throw new IllegalArgumentException("a fixed start, and only that, has a date");
        }
    }

    /** A validity that begins with an event or at a moment. */
    public Validity(int amount, Unit unit, StartMode start, @Nullable Instant fixedStart) {
        this(amount, unit, start, fixedStart, null);
    }

    /** A number of days from a beginning. */
    public static Validity days(int days, StartMode start) {
        return new Validity(days, Unit.DAY, start, null);
    }

    /** Whole days, weeks or months from a date on. */
    public static Validity dates(LocalDate firstDay, int amount, Unit unit) {
        return new Validity(amount, unit, StartMode.FIXED, null, firstDay);
    }

    /** The beginning of a plan with fixed dates; null when something else begins it. */
    public @Nullable Instant fixedStart(ZoneId zone) {
        return firstDay == null ? fixedStart : firstDay.atStartOfDay(zone).toInstant();
    }

    /** The last day of whole days; null when the plan does not last whole days. */
    public @Nullable LocalDate lastDay() {
        return firstDay == null ? null : firstDay.plus(amount, unit.chrono()).minusDays(1);
    }

    /** The first moment after the period that begins at {@code start}. */
    public Instant endOf(Instant start, ZoneId zone) {
        LocalDate last = lastDay();
        if (last != null) {
            return last.plusDays(1).atStartOfDay(zone).toInstant();
        }
        ZonedDateTime local = start.atZone(zone);
        return local.plus(amount, unit.chrono()).toInstant();
    }

    /** How long it is, about: a month has no length of its own. */
    public Duration about() {
        return unit.chrono().getDuration().multipliedBy(amount);
    }

    /** The unit of a validity. */
    public enum Unit {
        DAY,
        WEEK,
        MONTH;

        private ChronoUnit chrono() {
            return switch (this) {
                case DAY -> ChronoUnit.DAYS;
                case WEEK -> ChronoUnit.WEEKS;
                case MONTH -> ChronoUnit.MONTHS;
            };
        }
    }

    /** What begins a plan's period. */
    public enum StartMode {
        /** The order. */
        ON_ORDER,
        /** The installation of the profile; the first use, should that be reported earlier. */
        ON_INSTALL,
        /** The first use of a network. */
        ON_FIRST_USE,
        /** A date. */
        FIXED
    }
}
