package dev.octroi.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Hours stay in order, whichever of them changes. */
class RanksTest {
    private static final long SEED = 4_711;

    @Test
    void ranksAreThoseOfASortedDay() {
        SplittableRandom random = new SplittableRandom(SEED);
        float[] day = new float[HourRing.HOURS];
        Ranks ranks = new Ranks();
        for (int i = 0; i < 20_000; i++) {
            int hour = random.nextInt(day.length);
            // Few different volumes, so that hours are often equal.
            float volume = random.nextInt(4) == 0 ? 0 : random.nextInt(12) * 1_000_000f;
            ranks.move(day[hour], volume);
            day[hour] = volume;
            float[] sorted = day.clone();
            Arrays.sort(sorted);
            for (int k = 1; k <= day.length; k++) {
                assertThat(ranks.largest(k))
                        .as("seed %d, step %d, rank %d", SEED, i, k)
                        .isEqualTo(sorted[day.length - k]);
            }
        }
    }

    @Test
    void ranksOfACategoryAreThoseOfItsSortedDay() {
        SplittableRandom random = new SplittableRandom(SEED);
        int[][] days = new int[HourRing.CATEGORIES][HourRing.HOURS];
        CategoryRanks ranks = new CategoryRanks();
        for (int i = 0; i < 20_000; i++) {
            int category = random.nextInt(days.length);
            int[] day = days[category];
            int hour = random.nextInt(day.length);
            // Codes above 127 are negative as bytes.
            int code = random.nextInt(3) == 0 ? 0 : random.nextInt(256);
            ranks.move(category, (byte) day[hour], (byte) code);
            day[hour] = code;
            int[] sorted = day.clone();
            Arrays.sort(sorted);
            for (int k = 1; k <= day.length; k++) {
                assertThat(ranks.largest(category, k) & 0xff)
                        .as("seed %d, step %d, rank %d", SEED, i, k)
                        .isEqualTo(sorted[day.length - k]);
            }
        }
    }

    @Test
    void aClearedDayIsSilent() {
        Ranks ranks = new Ranks();
        ranks.move(0, 5);
        ranks.clear();
        assertThat(ranks.largest(1)).isZero();
    }
}
