package dev.octroi.drain;

import static dev.octroi.drain.Life.HOUR;
import static dev.octroi.drain.Life.MB;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of drain is found on histories of the test's own, soon and with sensible evidence. */
class DrainKindsTest {
    private static final int LEARNED_DAYS = 14;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void suddenHeavyUseIsABurst(long seed) {
        Life life = new Life(seed).ordinary(0, LEARNED_DAYS + 1);
        long from = life.day(LEARNED_DAYS) + 10 * HOUR;
        life.flow(from, 5 * HOUR, 60, 5_000 * MB, Category.WEB, 0.08);
        life.flow(from, 5 * HOUR, 60, 4_000 * MB, Category.OTHER, 0.2);

        Verdict.Alarm alarm = foundIn(life, seed, from, from + 5 * HOUR);

        assertThat(alarm.bytesAtStake()).isGreaterThan(500 * MB);
        assertThat(alarm.observedBytes()).isGreaterThan(alarm.expectedBytes().highBytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aFlowIntoTheNightIsFoundInReportsOfASessionToo(long seed) {
        Life life = new Life(seed).ordinary(0, LEARNED_DAYS + 2);
        long from = life.day(LEARNED_DAYS) + 10 * HOUR;
        life.flow(from, 20 * HOUR, 300, 20_000 * MB, Category.OTHER, 0.3);
        assertThat(Life.run(DrainState.fresh(PlanClass.REGULAR), life.reports()))
                .as("seed %d", seed)
                .isNotEmpty()
                .allMatch(told -> told.seconds() >= from && told.seconds() < from + 24 * HOUR);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anAppThatUploadsThroughTheNightIsFoundTheSameNight(long seed) {
        Life life = new Life(seed).ordinary(0, LEARNED_DAYS + 1);
        long from = life.day(LEARNED_DAYS) + HOUR;
        life.flow(from, 4 * HOUR, 40, 600 * MB, Category.CLOUD, 0.8);

        Verdict.Alarm alarm = foundIn(life, seed, from, from + 4 * HOUR);

        assertThat(alarm.kind()).isIn(DrainKind.NIGHT, DrainKind.APP, DrainKind.BEACON);
        assertThat(alarm.category()).isEqualTo(Category.CLOUD);
        assertThat(alarm.bytesAtStake()).isPositive();
        assertThat(alarm.sinceEpochSeconds()).isBetween(from - 3 * HOUR, from + 2 * HOUR);
        assertThat(alarm.reasons())
                .extracting(Reason::key)
                .containsAnyOf("reason.night", "reason.upload", "reason.steady", "reason.regular");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anEvenFlowAroundTheClockIsFoundWithinTwoDays(long seed) {
        Life life = new Life(seed).ordinary(0, LEARNED_DAYS + 6);
        long from = life.day(LEARNED_DAYS) + 14 * HOUR;
        life.flow(from, 5 * 24 * HOUR, 200, 5 * 260 * MB, Category.SOCIAL, 0.15);

        foundIn(life, seed, from, from + 48 * HOUR);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void smallRegularUploadsAreABeacon(long seed) {
        Life life = new Life(seed).ordinary(0, LEARNED_DAYS + 3);
        long from = life.day(LEARNED_DAYS) + 13 * HOUR;
        life.flow(from, 48 * HOUR, 400, 60 * MB, Category.OTHER, 0.8);

        Verdict.Alarm alarm = foundIn(life, seed, from, from + 30 * HOUR);

        assertThat(alarm.kind()).isEqualTo(DrainKind.BEACON);
        assertThat(alarm.category()).isEqualTo(Category.OTHER);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void oneAppFarAboveItsNormalIsFound(long seed) {
        Life life = new Life(seed).ordinary(0, LEARNED_DAYS + 2);
        long from = life.day(LEARNED_DAYS) + 9 * HOUR;
        life.flow(from, 20 * HOUR, 120, 1_500 * MB, Category.GAME, 0.3);

        Verdict.Alarm alarm = foundIn(life, seed, from, from + 20 * HOUR);

        assertThat(alarm.kind()).isIn(DrainKind.APP, DrainKind.BURST, DrainKind.LEAK, DrainKind.UNKNOWN);
        assertThat(alarm.category()).isEqualTo(Category.GAME);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void heavyUseInAPlaceNeverVisitedIsFound(long seed) {
        Life life = new Life(seed).ordinary(0, LEARNED_DAYS + 2);
        long from = life.day(LEARNED_DAYS) + 9 * HOUR;
        life.in("TR").flow(from, 10 * HOUR, 80, 1_300 * MB, Category.OTHER, 0.2);
        life.flow(from, 10 * HOUR, 60, 700 * MB, Category.VIDEO, 0.02);

        Verdict.Alarm alarm = foundIn(life, seed, from, from + 10 * HOUR);

        assertThat(alarm.zone()).isEqualTo("TR");
    }

    @Test
    void aDrainOnTheFirstDayIsFoundFromThePopulationAlone() {
        Life life = new Life(9).ordinary(0, 3);
        long from = life.day(1) + 10 * HOUR;
        life.flow(from, 6 * HOUR, 150, 12_000 * MB, Category.OTHER, 0.4);

        foundIn(life, 9, from, from + 6 * HOUR);
    }

    private static Verdict.Alarm foundIn(Life life, long seed, long from, long to) {
        List<Life.Told> told = life.run(PlanClass.REGULAR);
        assertThat(told).as("seed %d", seed).isNotEmpty();
        Life.Told first = told.getFirst();
        assertThat(first.seconds()).as("seed %d: %s", seed, first).isBetween(from, to);
        assertThat(first.alarm().score()).isGreaterThanOrEqualTo(Verdict.ACT);
        assertThat(first.alarm().grown()).isFalse();
        assertThat(first.alarm().incidentId()).isEqualTo(1);
        assertThat(first.alarm().reasons()).isNotEmpty().hasSizeLessThanOrEqualTo(5);
        assertThat(first.alarm().confidence()).isBetween(0.0, 1.0);
        return first.alarm();
    }
}
