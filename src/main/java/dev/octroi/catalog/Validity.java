package dev.octroi.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * How long a plan lasts and when that begins.
 *
 * @param amount number of units, 1 to 366
 * @param unit the unit; days, weeks and months are those of the plan's {@link DayZone}, so a day may have 23 or 25 hours
 * @param start what begins it
 * @param fixedStart the beginning, for {@link StartMode#FIXED} only
 */
public record Validity(
        int amount, Unit unit, StartMode start, @Nullable Instant fixedStart) {
    private static final int MAX_AMOUNT = 366;

    public Validity {
        requireNonNull(unit, "unit is null");
        requireNonNull(start, "start is null");
        if (amount < 1 || amount > MAX_AMOUNT) {
            throw new IllegalArgumentException("a validity is 1 to 366 units");
        }
        if (start == StartMode.FIXED == (fixedStart == null)) {
            throw new IllegalArgumentException("a fixed start, and only that, has a date");
        }
    }

    /** A number of days from a beginning. */
    public static Validity days(int days, StartMode start) {
        return new Validity(days, Unit.DAY, start, null);
    }

    /** The first moment after the period that begins at {@code start}. */
    public Instant endOf(Instant start, ZoneId zone) {
        ZonedDateTime local = start.atZone(zone);
        return switch (unit) {
            case DAY -> local.plusDays(amount).toInstant();
            case WEEK -> local.plusWeeks(amount).toInstant();
            case MONTH -> local.plusMonths(amount).toInstant();
        };
    }

    /** The unit of a validity. */
    public enum Unit {
        DAY,
        WEEK,
        MONTH
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
