package dev.octroi.drain;

import static dev.octroi.drain.Life.HOUR;
import static dev.octroi.drain.Life.MB;
import static org.assertj.core.api.Assertions.assertThat;

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

    private static void leftAlone(Life life, long seed) {
        assertThat(life.run(PlanClass.REGULAR)).as("seed %d", seed).isEmpty();
    }
}
