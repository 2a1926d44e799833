package dev.octroi.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.policy.Speed;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The terms of a plan as they are kept with an account. */
class PlanTermsTest {
    @Test
    void jsonFormIsReadBack() {
        for (AfterQuota after : List.of(new AfterQuota.Throttle(new Speed(384, 128)), new AfterQuota.Stop())) {
            PlanTerms terms = new PlanTerms(
                    PlanTerms.SCHEMA,
                    "France 3 GB",
                    3_000_000_000L,
                    new Validity(7, Validity.Unit.DAY, Validity.StartMode.FIXED, Instant.parse("2026-12-01T00:00:00Z")),
                    after,
                    80,
                    List.of(new ZoneCap("zone_1", "Paris", Set.of("208-01-7501", "208-10"), Speed.both(1_000))),
                    DrainPolicy.SUSPEND,
                    DayZone.TRAVELLER);
            assertThat(PlanTerms.fromJson(terms.toJson())).isEqualTo(terms);
        }
    }

    @Test
    void fixedDatesAreReadBack() {
        PlanTerms terms = SamplePlans.france().terms();
        PlanTerms dated = new PlanTerms(
                terms.schema(),
                terms.planName(),
                terms.quotaBytes(),
                Validity.dates(LocalDate.of(2026, 12, 24), 2, Validity.Unit.WEEK),
                terms.afterQuota(),
                terms.warnAtPercent(),
                terms.zoneCaps(),
                terms.drainPolicy(),
                terms.dayZone());
        assertThat(PlanTerms.fromJson(dated.toJson())).isEqualTo(dated);
    }

    @Test
    void termsOfBeforeTheGradesOfDrainAlarmsHaveTheUsualOnes() {
        String now = SamplePlans.france().terms().toJson();
        String before = now.replaceFirst(",\"drainTerms\":\\{[^}]*}", "");
        assertThat(before).isNotEqualTo(now);
        assertThat(PlanTerms.fromJson(before).drainTerms()).isEqualTo(DrainTerms.DEFAULT);
    }

    @Test
    void termsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> PlanTerms.fromJson("{}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Validity(0, Validity.Unit.DAY, Validity.StartMode.ON_ORDER, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Validity(1, Validity.Unit.DAY, Validity.StartMode.FIXED, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ZoneCap("z", "Z", Set.of("Paris"), Speed.both(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void daysAreThoseOfTheZoneAlsoWhenClocksChange() {
        ZoneId paris = ZoneId.of("Europe/Paris");
        Instant start = Instant.parse("2026-10-24T10:00:00Z");
        assertThat(Validity.days(2, Validity.StartMode.ON_ORDER).endOf(start, paris))
                .isEqualTo(Instant.parse("2026-10-26T11:00:00Z"));
    }
}
