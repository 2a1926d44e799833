package dev.octroi.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** Where the windows of a volume that renews begin and end. */
class RenewalTest {
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

    @Test
    void firstDayIsAsLongAsItsRestAndTheOthersGoFromMidnightToMidnight() {
        Renewal daily = new Renewal(Renewal.Every.DAY, 0);
        Instant start = Instant.parse("2026-11-23T17:00:00Z");
        Instant midnight = Instant.parse("2026-11-23T23:00:00Z");
        assertThat(daily.windowEnd(start, start, PARIS)).isEqualTo(midnight);
        assertThat(daily.windowStart(start, midnight, PARIS)).isEqualTo(midnight);
        assertThat(daily.windowStart(start, midnight.minusNanos(1), PARIS)).isEqualTo(start);
    }

    @Test
    void dayOfTheChangeOfClocksIsOneWindow() {
        Renewal daily = new Renewal(Renewal.Every.DAY, 0);
        Instant start = Instant.parse("2026-10-20T10:00:00Z");
        Instant autumn = Instant.parse("2026-10-24T22:00:00Z");
        assertThat(Duration.between(autumn, daily.windowEnd(start, autumn, PARIS)))
                .isEqualTo(Duration.ofHours(25));
        Instant spring = Instant.parse("2027-03-27T23:00:00Z");
        assertThat(Duration.between(spring, daily.windowEnd(start, spring, PARIS)))
                .isEqualTo(Duration.ofHours(23));
    }

    @Test
    void monthsFromThe31stAreCountedFromTheBeginning() {
        Renewal monthly = new Renewal(Renewal.Every.MONTH, 0);
        Instant start = Instant.parse("2026-12-31T09:00:00Z");
        Instant february = monthly.windowEnd(start, Instant.parse("2027-02-01T00:00:00Z"), ZoneOffset.UTC);
        assertThat(february).isEqualTo(Instant.parse("2027-02-28T09:00:00Z"));
        assertThat(monthly.windowEnd(start, february, ZoneOffset.UTC))
                .as("the 31st again, not the 28th")
                .isEqualTo(Instant.parse("2027-03-31T09:00:00Z"));
    }

    @Test
    void weeksEndAtTheTimeOfDayAtWhichThePlanBeganAlsoWhenClocksChange() {
        Renewal weekly = new Renewal(Renewal.Every.WEEK, 0);
        Instant start = Instant.parse("2026-10-22T16:00:00Z");
        Instant end = weekly.windowEnd(start, start, PARIS);
        assertThat(end).isEqualTo(Instant.parse("2026-10-29T17:00:00Z"));
        assertThat(weekly.windowStart(start, end, PARIS)).isEqualTo(end);
        assertThat(weekly.windowStart(start, end.minusNanos(1), PARIS)).isEqualTo(start);
    }

    @Test
    void everyMomentLiesInItsWindow() {
        for (Renewal.Every every : Renewal.Every.values()) {
            Renewal renewal = new Renewal(every, 0);
            Instant start = Instant.parse("2026-01-31T22:45:00Z");
            for (Instant at = start; at.isBefore(start.plus(Duration.ofDays(400))); at = at.plus(Duration.ofHours(7))) {
                Instant from = renewal.windowStart(start, at, PARIS);
                Instant to = renewal.windowEnd(start, at, PARIS);
                assertThat(at).as(every + " of " + at).isBetween(from, to.minusNanos(1));
                assertThat(renewal.windowEnd(start, from, PARIS)).isEqualTo(to);
            }
        }
    }
}
