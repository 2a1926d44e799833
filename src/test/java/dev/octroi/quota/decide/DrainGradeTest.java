package dev.octroi.quota.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.DrainTerms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows from an alarm, by an example for each rule. */
class DrainGradeTest {
    private static final DrainTerms LATE = new DrainTerms(1.1, 1.4, true, 24);

    @ParameterizedTest(name = "{0} at {1}, second signal {2}: {3}")
    @CsvSource({
        "NOTIFY, 3, true, NOTIFY",
        "ASK, 3, true, ASK",
        "THROTTLE, 1, false, THROTTLE",
        "THROTTLE, 3, true, THROTTLE",
        "SUSPEND, 1, false, THROTTLE",
        "SUSPEND, 1, true, SUSPEND",
        "SUSPEND, 1.25, false, SUSPEND",
        "SUSPEND_CATEGORY, 1, false, THROTTLE",
        "SUSPEND_CATEGORY, 1, true, SUSPEND_CATEGORY"
    })
    void aStrongStepNeedsASecondSignalOrCertainty(
            DrainPolicy strongest, double score, boolean signal, DrainPolicy expected) {
        assertThat(DrainGrade.of(strongest, DrainTerms.DEFAULT, score, signal)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "score {0}: {1}")
    @CsvSource({"1, ASK", "1.1, THROTTLE", "1.39, THROTTLE", "1.4, SUSPEND"})
    void aPlanSaysFromWhichScoreItActs(double score, DrainPolicy expected) {
        assertThat(DrainGrade.of(DrainPolicy.SUSPEND, LATE, score, true)).isEqualTo(expected);
    }

    @Test
    void aPlanMayWaiveTheSecondSignal() {
        DrainTerms alone = new DrainTerms(1, 1, false, 24);
        assertThat(DrainGrade.of(DrainPolicy.SUSPEND, alone, 1, false)).isEqualTo(DrainPolicy.SUSPEND);
    }

    @Test
    void gradesThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() -> new DrainTerms(0.9, 1, true, 24)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DrainTerms(1.2, 1.1, true, 24)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DrainTerms(1, Double.NaN, true, 24)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DrainTerms(1, 1, true, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
