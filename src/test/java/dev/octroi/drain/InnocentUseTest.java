package dev.octroi.drain;

import static dev.octroi.drain.Life.HOUR;
import static dev.octroi.drain.Life.MB;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What looks like a drain and is none is left alone. */
class InnocentUseTest {
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void ordinaryDaysAreLeftAlone(long seed) {
        leftAlone(new Life(seed).ordinary(0, 40), seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void aVideoNightIsLeftAlone(long seed) {
        Life life = new Life(seed).ordinary(0, 17);
        life.flow(life.day(15) + 20 * HOUR, 3 * HOUR, 5, 420 * MB, Category.VIDEO, 0.02);
        leftAlone(life, seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void anUpdateIsLeftAlone(long seed) {
        Life life = new Life(seed).ordinary(0, 17);
        life.session(life.day(15) + 3 * HOUR, 900 * MB, Category.UPDATE);
        leftAlone(life, seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void aDayOfTetheringIsLeftAlone(long seed) {
        Life life = new Life(seed).ordinary(0, 15).ordinary(15, 1, 4.5).ordinary(16, 2);
        leftAlone(life, seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void aTripIsLeftAlone(long seed) {
        leftAlone(new Life(seed).ordinary(0, 15).in("TH").ordinary(15, 6, 1.6), seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void workingByNightIsLeftAlone(long seed) {
        leftAlone(new Life(seed, 120, 10).ordinary(0, 25), seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void reportsByTheNetworksClockAreLeftAlone(long seed) {
        List<DrainObservation> reports = new Life(seed).ordinary(0, 40).reports();
        assertThat(Life.run(DrainState.fresh(PlanClass.REGULAR), reports))
                .as("seed %d", seed)
                .isEmpty();
    }

    /** Two feeds report a subscriber: one in time, the other with a day's records at once. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void aDayThatComesAtOnceOnTheNextIsLeftAlone(long seed) {
        Life life = new Life(seed)
                .ordinary(0, 21)
                .ordinary(21, 1, 4.5)
                .ordinary(22, 1)
                .ordinary(23, 1, 4.5);
        life.ordinary(24, 3);
        leftAlone(life, seed);
        List<DrainObservation> arrived = lateDay(lateDay(life.records(), life, 21, 22), life, 23, 25);
        assertThat(Life.run(DrainState.fresh(PlanClass.REGULAR), arrived))
                .as("seed %d", seed)
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void aDayThatComesAtOnceOnTheNextIsNothingRecent(long seed) {
        Life life = new Life(seed).ordinary(0, 21).ordinary(21, 1, 4.5).ordinary(22, 2);
        DrainState inTime = DrainState.fresh(PlanClass.REGULAR);
        DrainState late = DrainState.fresh(PlanClass.REGULAR);
        int known = 1 + firstOf(life.records(), life.day(22));
        Life.run(inTime, life.records().subList(0, known));
        Life.run(late, lateDay(life.records(), life, 21, 22).subList(0, known));
        assertThat(late.head).isEqualTo(inTime.head);
        assertThat(late.rhythm.recent(Rhythm.ALL))
                .as("seed %d", seed)
                .isCloseTo(inTime.rhythm.recent(Rhythm.ALL), Offset.offset(1f));
        assertThat(late.rhythm.recentBytes(Rhythm.ALL))
                .as("seed %d", seed)
                .isCloseTo(inTime.rhythm.recentBytes(Rhythm.ALL), Offset.offset(3f * Life.MB));
    }

    private static int firstOf(List<DrainObservation> records, long seconds) {
        int at = 0;
        while (records.get(at).eventEndEpochSeconds() < seconds) {
            at++;
        }
        return at;
    }

    /** All records of a day arrive after the first one of another day. */
    private static List<DrainObservation> lateDay(List<DrainObservation> inTime, Life life, int day, int after) {
        List<DrainObservation> late = inTime.stream()
                .filter(each ->
                        each.eventEndEpochSeconds() >= life.day(day) && each.eventEndEpochSeconds() < life.day(day + 1))
                .toList();
        List<DrainObservation> arrived = new ArrayList<>(inTime);
        arrived.removeAll(late);
        arrived.addAll(firstOf(arrived, life.day(after)) + 1, late);
        return arrived;
    }

    private static void leftAlone(Life life, long seed) {
        assertThat(life.run(PlanClass.REGULAR)).as("seed %d", seed).isEmpty();
    }
}
