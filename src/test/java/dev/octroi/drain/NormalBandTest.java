package dev.octroi.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is called normal is what a subscription does. */
class NormalBandTest {
    private static final long SEED = 31;

    @Test
    void theBandFollowsTheUsualDay() {
        Life life = new Life(SEED).ordinary(0, 20);
        DrainState state = DrainState.fresh(PlanClass.REGULAR);
        Life.run(state, life.records());
        byte[] before = state.toBytes();
        NormalBand band = state.band(Population.shipped());
        long dayBytes =
                life.records().stream().mapToLong(DrainObservation::bytes).sum() / 20;
        assertThat(band.usualDayBytes()).isBetween(dayBytes / 3, dayBytes * 3);
        assertThat(band.learnedDays()).isGreaterThan(10);
        long night = band.hours().get(3).highBytes();
        long evening = band.hours().get(20).highBytes();
        assertThat(evening).as("evenings are busier than nights").isGreaterThan(2 * night);
        assertThat(band.hours()).allMatch(hour -> hour.lowBytes() <= hour.highBytes());
        assertThat(band.localHour(Instant.parse("2026-11-30T23:30:00Z"), 0))
                .as("two hours ahead of UTC")
                .isEqualTo(1);
        assertThat(state.toBytes()).as("looking changes nothing").isEqualTo(before);
    }

    @Test
    void aNewSubscriptionHasTheBandOfItsPlan() {
        NormalBand band = DrainState.fresh(PlanClass.HEAVY).band(Population.shipped());
        NormalBand meter = DrainState.fresh(PlanClass.IOT).band(Population.shipped());
        assertThat(band.learnedDays()).isZero();
        assertThat(band.localHour(Instant.parse("2026-11-30T23:30:00Z"), -60)).isEqualTo(22);
        assertThat(band.usualDayBytes()).isGreaterThan(meter.usualDayBytes());
    }
}
