package dev.octroi.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The population follows an installation, slowly and not far. */
class PopulationLearnerTest {
    private static final long SEED = 9_000;

    @Test
    void manyBusySubscriptionsRaiseWhatIsUsualForTheirPlanOnly() {
        Population shipped = Population.shipped();
        PopulationLearner learner = new PopulationLearner(shipped);
        for (int i = 0; i < 60; i++) {
            learner.add(lived(SEED + i, 6));
        }
        Population learned = learner.learn(1_001);
        assertThat(day(learned, PlanClass.REGULAR)).isGreaterThan(day(shipped, PlanClass.REGULAR));
        assertThat(day(learned, PlanClass.REGULAR)).isLessThan(2 * day(shipped, PlanClass.REGULAR));
        assertThat(day(learned, PlanClass.IOT)).isEqualTo(day(shipped, PlanClass.IOT));
    }

    @Test
    void subscriptionsWithoutHistorySayNothing() {
        PopulationLearner learner = new PopulationLearner(Population.shipped());
        for (int i = 0; i < 50; i++) {
            learner.add(DrainState.fresh(PlanClass.REGULAR));
        }
        assertThat(day(learner.learn(1_001), PlanClass.REGULAR))
                .isEqualTo(day(Population.shipped(), PlanClass.REGULAR));
    }

    @Test
    void theTextFormJudgesAlike() throws Exception {
        PopulationLearner learner = new PopulationLearner(Population.shipped());
        learner.add(lived(SEED, 6));
        Population learned = learner.learn(1_001);
        Population read =
                Population.read(new ByteArrayInputStream(learned.text().getBytes(StandardCharsets.US_ASCII)));
        assertThat(read.text()).isEqualTo(learned.text());
        assertThat(read.version()).isEqualTo(1_001);
    }

    private static DrainState lived(long seed, double level) {
        DrainState state = DrainState.fresh(PlanClass.REGULAR);
        Life.run(state, new Life(seed).ordinary(0, 14, level).records());
        return state;
    }

    private static double day(Population population, PlanClass plan) {
        return DrainState.fresh(plan).band(population).usualDayBytes();
    }
}
