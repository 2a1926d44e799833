package dev.octroi.quota.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.DrainTerms;
import dev.octroi.drain.ByteRange;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainKind;
import dev.octroi.drain.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

    @ParameterizedTest(name = "{0} of {1} kB/s under {2}: {3}")
    @CsvSource({
        "LEAK, 15, SUSPEND, SUSPEND_CATEGORY",
        "LEAK, 15, SUSPEND_CATEGORY, SUSPEND_CATEGORY",
        "BEACON, 1, SUSPEND, SUSPEND_CATEGORY",
        "LEAK, 17, SUSPEND, THROTTLE",
        "LEAK, 15, THROTTLE, THROTTLE",
        "LEAK, 15, ASK, ASK",
        "NIGHT, 15, SUSPEND, SUSPEND_CATEGORY",
        "BURST, 15, SUSPEND, THROTTLE",
        "ZONE, 15, SUSPEND, THROTTLE"
    })
    void whatIsSlowerThanSlowingAllowsIsNotSlowed(
            DrainKind kind, int rate, DrainPolicy strongest, DrainPolicy expected) {
        Instant since = Instant.parse("2026-11-23T10:00:00Z");
        Duration lasted = Duration.ofHours(30);
        Verdict.Alarm alarm = new Verdict.Alarm(
                kind,
                1.1,
                since.getEpochSecond(),
                new ByteRange(0, 1),
                rate * 1_000L * lasted.toSeconds(),
                0,
                Category.CLOUD,
                "FR",
                List.of(),
                0.9,
                1,
                false);
        assertThat(DrainGrade.of(strongest, DrainTerms.DEFAULT, alarm, since.plus(lasted), false))
                .isEqualTo(expected);
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
