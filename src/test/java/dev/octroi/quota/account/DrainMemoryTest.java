package dev.octroi.quota.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.drain.Category;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.DrainObservation;
import dev.octroi.drain.DrainState;
import dev.octroi.drain.PlanClass;
import dev.octroi.drain.Population;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DrainMemoryTest {
    private static final DrainDetector DETECTOR = DrainDetector.shipped();
    private static final Population POPULATION = Population.shipped();

    @Test
    void whatIsReadFromDiskIsWhatWasRememberedForAnyHistory() {
        for (long seed = 1; seed <= 50; seed++) {
            Random random = new Random(seed);
            DrainMemory memory = DrainMemory.of(DrainState.fresh(PlanClass.values()[0]));
            DrainState state = memory.open();
            long at = 1_790_000_000L;
            for (int i = 0; i < 200; i++) {
                at += random.nextInt(i % 10 == 0 ? 90_000 : 900);
                observe(state, at, random);
                memory = memory.next(state);
                DrainMemory read = DrainMemory.read(memory.base(), memory.patch());
                assertThat(read.toBytes()).as("seed %d, record %d", seed, i).isEqualTo(state.toBytes());
                state = read.open();
            }
        }
    }

    @Test
    void theFirstStateIsWrittenAsAWholeAndTheNextOneAsADifference() {
        DrainMemory fresh = DrainMemory.of(DrainState.fresh(PlanClass.values()[0]));
        DrainState state = fresh.open();
        observe(state, 1_790_000_000L, new Random(1));
        DrainMemory first = fresh.next(state);
        assertThat(first.base()).isNotSameAs(fresh.base()).isEqualTo(state.toBytes());
        assertThat(first.patch()).isEmpty();
        observe(state, 1_790_000_060L, new Random(2));
        DrainMemory second = first.next(state);
        assertThat(second.base()).isSameAs(first.base());
        assertThat(second.patch().length).isBetween(1, DrainMemory.MAX_PATCH_BYTES);
    }

    @Test
    void ordinaryUseIsMostlyWrittenAsADifferenceThatNeverGrowsBeyondItsBound() {
        Random random = new Random(3);
        DrainMemory memory = DrainMemory.of(DrainState.fresh(PlanClass.values()[0]));
        DrainState state = memory.open();
        int folded = 0;
        for (int i = 0; i < 2_000; i++) {
            DETECTOR.observe(
                    state,
                    POPULATION,
                    new DrainObservation(
                            1_790_000_000L + i * 300L,
                            random.nextInt(100_000),
                            random.nextInt(5_000_000),
                            Category.WEB,
                            "FR",
                            60));
            DrainMemory next = memory.next(state);
            assertThat(next.patch().length).isLessThanOrEqualTo(DrainMemory.MAX_PATCH_BYTES);
            folded += next.base() == memory.base() ? 0 : 1;
            memory = next;
        }
        assertThat(folded).isBetween(10, 700);
    }

    private static void observe(DrainState state, long at, Random random) {
        DETECTOR.observe(
                state,
                POPULATION,
                new DrainObservation(
                        at,
                        random.nextInt(1_000_000),
                        random.nextInt(50_000_000),
                        Category.values()[random.nextInt(Category.values().length)],
                        random.nextInt(5) == 0 ? "DE" : "FR",
                        60));
    }
}
