package dev.octroi.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When nobody is forgotten yet. */
class StandingTest {
    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
    private static final Duration LATENESS = Duration.ofHours(72);
    private static final Instant LONG_AGO = NOW.minus(LATENESS);
    private static final Standing.Open SETTLED = new Standing.Open(false, false, false, false);

    @Test
    void aPlanThatRunsIsAlive() {
        assertThat(over(null, false, false, null, LONG_AGO, SETTLED)).isEqualTo(Erasure.Reason.ALIVE);
    }

    @Test
    void whatIsNotSettledIsWaitedFor() {
        assertThat(ended(new Standing.Open(true, false, false, false))).isEqualTo(Erasure.Reason.SESSION_OPEN);
        assertThat(ended(new Standing.Open(false, true, false, false))).isEqualTo(Erasure.Reason.CASE_OPEN);
        assertThat(ended(new Standing.Open(false, false, true, false))).isEqualTo(Erasure.Reason.STILL_TELLING);
        assertThat(ended(new Standing.Open(false, false, false, true))).isEqualTo(Erasure.Reason.STILL_TELLING);
        assertThat(ended(SETTLED)).isNull();
    }

    @Test
    void recordsMayComeForAsLongAsTheyAreCounted() {
        Instant justNow = LONG_AGO.plusMillis(1);
        assertThat(over(null, false, true, null, justNow, SETTLED)).isEqualTo(Erasure.Reason.RECORDS_MAY_COME);
        assertThat(over(null, false, false, justNow, LONG_AGO, SETTLED))
                .as("of a member they end with its leaving")
                .isEqualTo(Erasure.Reason.RECORDS_MAY_COME);
        assertThat(over(null, false, false, LONG_AGO, NOW, SETTLED)).isNull();
        assertThat(over(null, true, false, null, NOW, SETTLED))
                .as("a sale that was taken back was never used")
                .isNull();
    }

    @Test
    void whatWasBegunGoesOnWhateverHasHappenedSince() {
        assertThat(over(LONG_AGO, false, false, null, NOW, new Standing.Open(true, true, true, true)))
                .isNull();
    }

    private static Erasure.Reason ended(Standing.Open open) {
        return over(null, false, true, null, LONG_AGO, open);
    }

    private static Erasure.Reason over(
            Instant begunAt, boolean cancelled, boolean ended, Instant leftAt, Instant endsAt, Standing.Open open) {
        return new Standing(begunAt, null, cancelled, ended, leftAt, endsAt, open)
                .refusal(NOW, LATENESS)
                .orElse(null);
    }
}
