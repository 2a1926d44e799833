package dev.octroi.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.catalog.Validity.StartMode;
import dev.octroi.catalog.Validity.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** Where a plan ends, over both changes of clocks, ends of months and zones without a midnight. */
class ValidityTest {
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final ZoneId SANTIAGO = ZoneId.of("America/Santiago");

    @Test
    void dayOfTheChangeToSummerTimeHasTwentyThreeHours() {
        Instant noonBefore = Instant.parse("2026-03-28T11:00:00Z");
        Instant end = days(1).endOf(noonBefore, PARIS);
        assertThat(end).isEqualTo(Instant.parse("2026-03-29T10:00:00Z"));
        assertThat(Duration.between(noonBefore, end)).isEqualTo(Duration.ofHours(23));
    }

    @Test
    void dayOfTheChangeToWinterTimeHasTwentyFiveHours() {
        Instant noonBefore = Instant.parse("2026-10-24T10:00:00Z");
        assertThat(Duration.between(noonBefore, days(1).endOf(noonBefore, PARIS)))
                .isEqualTo(Duration.ofHours(25));
    }

    @Test
    void endThatTheChangeOfClocksSkipsIsAnHourLater() {
        // 02:30 on the 28th; 02:30 of the 29th does not exist in Paris.
        Instant start = Instant.parse("2026-03-28T01:30:00Z");
        assertThat(days(1).endOf(start, PARIS)).isEqualTo(Instant.parse("2026-03-29T01:30:00Z"));
    }

    @Test
    void endThatTheChangeOfClocksRepeatsIsTheFirstOfTheTwo() {
        // 02:30 on the 24th; 02:30 of the 25th comes twice.
        Instant start = Instant.parse("2026-10-24T00:30:00Z");
        assertThat(days(1).endOf(start, PARIS)).isEqualTo(Instant.parse("2026-10-25T00:30:00Z"));
        Instant winter = Instant.parse("2026-02-25T01:30:00Z");
        assertThat(new Validity(8, Unit.MONTH, StartMode.ON_ORDER, null).endOf(winter, PARIS))
                .as("the second where it began in winter time")
                .isEqualTo(Instant.parse("2026-10-25T01:30:00Z"));
    }

    @Test
    void daysInUtcKnowNoChangeOfClocks() {
        Instant start = Instant.parse("2026-03-28T11:00:00Z");
        assertThat(Duration.between(start, days(1).endOf(start, DayZone.UTC.of(PARIS))))
                .isEqualTo(Duration.ofHours(24));
    }

    @Test
    void weekOverTheChangeOfClocksEndsAtTheSameTimeOfDay() {
        Instant start = Instant.parse("2026-10-22T16:00:00Z");
        assertThat(new Validity(1, Unit.WEEK, StartMode.ON_ORDER, null).endOf(start, PARIS))
                .isEqualTo(Instant.parse("2026-10-29T17:00:00Z"));
    }

    @Test
    void monthFromThe31stEndsOnTheLastDayOfAShorterMonth() {
        assertThat(months(1).endOf(Instant.parse("2027-01-31T09:00:00Z"), ZoneOffset.UTC))
                .isEqualTo(Instant.parse("2027-02-28T09:00:00Z"));
        assertThat(months(1).endOf(Instant.parse("2028-01-31T09:00:00Z"), ZoneOffset.UTC))
                .as("leap year")
                .isEqualTo(Instant.parse("2028-02-29T09:00:00Z"));
        assertThat(months(2).endOf(Instant.parse("2026-12-31T09:00:00Z"), ZoneOffset.UTC))
                .as("two months are not one and one")
                .isEqualTo(Instant.parse("2027-02-28T09:00:00Z"));
        assertThat(months(1).endOf(Instant.parse("2026-09-30T22:30:00Z"), PARIS))
                .as("the first of October in Paris, over the change of clocks")
                .isEqualTo(Instant.parse("2026-10-31T23:30:00Z"));
    }

    @Test
    void fixedDatesAreWholeDaysOfTheDayZone() {
        Validity week = Validity.dates(LocalDate.of(2026, 10, 24), 7, Unit.DAY);
        Instant start = week.fixedStart(PARIS);
        assertThat(start).isEqualTo(Instant.parse("2026-10-23T22:00:00Z"));
        assertThat(week.endOf(start, PARIS)).isEqualTo(Instant.parse("2026-10-30T23:00:00Z"));
        assertThat(week.lastDay()).isEqualTo(LocalDate.of(2026, 10, 30));
        assertThat(week.fixedStart(ZoneOffset.UTC)).isEqualTo(Instant.parse("2026-10-24T00:00:00Z"));
    }

    @Test
    void fixedDateWithoutAMidnightBeginsWithTheFirstMomentOfTheDay() {
        // Chile moves its clocks at midnight: 2026-09-06 begins at 01:00.
        Validity day = Validity.dates(LocalDate.of(2026, 9, 6), 1, Unit.DAY);
        Instant start = day.fixedStart(SANTIAGO);
        assertThat(start).isEqualTo(Instant.parse("2026-09-06T04:00:00Z"));
        assertThat(Duration.between(start, day.endOf(start, SANTIAGO))).isEqualTo(Duration.ofHours(23));
    }

    @Test
    void fixedMonthsEndWithTheMonth() {
        Validity month = Validity.dates(LocalDate.of(2027, 2, 1), 1, Unit.MONTH);
        assertThat(month.lastDay()).isEqualTo(LocalDate.of(2027, 2, 28));
    }

    @Test
    void fixedStartIsAMomentOrADate() {
        LocalDate date = LocalDate.of(2027, 2, 1);
        assertThatThrownBy(() -> new Validity(1, Unit.DAY, StartMode.FIXED, Instant.EPOCH, date))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Validity(1, Unit.DAY, StartMode.ON_ORDER, null, date))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Validity days(int days) {
        return Validity.days(days, StartMode.ON_ORDER);
    }

    private static Validity months(int months) {
        return new Validity(months, Unit.MONTH, StartMode.ON_ORDER, null);
    }
}
