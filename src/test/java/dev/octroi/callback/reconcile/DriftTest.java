package dev.octroi.callback.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftTest {
    private static final Instant DECIDED = Instant.parse("2026-11-28T10:00:00Z");

    private static final Duration LATER = Duration.ofDays(1);

    @ParameterizedTest
    @CsvSource({"dead, DEAD", "superseded, SUPERSEDED", "delivered, UNANSWERED"})
    void aRowThatNothingWillSendIsSentAgain(String state, Drift.Cause cause) {
        assertThat(drift(state, 0, false).repair()).contains(cause);
    }

    @Test
    void aRowOnItsWayIsLeftToItsRetries() {
        assertThat(drift("pending", 0, false).repair()).isEmpty();
    }

    @Test
    void aLostRowIsWrittenAnewOnlyWhereTheDecisionIsKept() {
        assertThat(drift(null, 0, false).repair()).contains(Drift.Cause.MISSING);
        Drift forgotten = new Drift(1, (short) 0, 2, 3, 4, DECIDED, 0, 0, 0, false, null, null, null, null, null);
        assertThat(forgotten.repair()).isEqualTo(Optional.empty());
    }

    @Test
    void thePauseDoublesUpToAnHour() {
        Duration first = Duration.ofSeconds(30);
        assertThat(drift("dead", 0, false).pause(DECIDED, first, LATER)).isEqualTo(first);
        assertThat(drift("dead", 3, false).pause(DECIDED, first, LATER)).isEqualTo(Duration.ofMinutes(4));
        assertThat(drift("dead", 7, false).pause(DECIDED, first, LATER)).isEqualTo(Duration.ofHours(1));
        assertThat(drift("dead", 1_000_000, false).pause(DECIDED, first, LATER)).isEqualTo(Duration.ofHours(1));
        assertThat(drift("dead", 5, false).pause(DECIDED, Duration.ofHours(2), LATER))
                .isEqualTo(Duration.ofHours(2));
    }

    /** An operator that is away for hours has very many of them. */
    @Test
    void aRowOnItsWayIsLookedAtLessAndLessOftenAndInTimeToBeEscalated() {
        Duration first = Duration.ofSeconds(30);
        Duration escalate = Duration.ofMinutes(15);
        Drift fresh = drift("pending", 0, false);
        assertThat(fresh.pause(DECIDED.plusSeconds(31), first, escalate)).isEqualTo(Duration.ofSeconds(31));
        assertThat(fresh.pause(DECIDED.plusSeconds(240), first, escalate)).isEqualTo(Duration.ofMinutes(4));
        assertThat(fresh.pause(DECIDED.plusSeconds(840), first, escalate)).isEqualTo(Duration.ofMinutes(1));
        assertThat(drift("pending", 0, true).pause(DECIDED.plus(Duration.ofHours(9)), first, escalate))
                .isEqualTo(Duration.ofMinutes(5));
        assertThat(drift("dead", 0, true).pause(DECIDED.plus(Duration.ofHours(9)), first, escalate))
                .isEqualTo(first);
    }

    @Test
    void aVersionIsEscalatedOnceWhenItsTimeHasCome() {
        Duration after = Duration.ofMinutes(15);
        assertThat(drift("pending", 0, false).escalates(DECIDED.plus(after).minusMillis(1), after))
                .isFalse();
        assertThat(drift("pending", 0, false).escalates(DECIDED.plus(after), after))
                .isTrue();
        assertThat(drift("pending", 0, true).escalates(DECIDED.plus(after), after))
                .isFalse();
    }

    private static Drift drift(String state, int repairs, boolean escalated) {
        return new Drift(
                1,
                (short) 0,
                2,
                3,
                4,
                DECIDED,
                0,
                0,
                repairs,
                escalated,
                null,
                state == null ? null : 5L,
                state,
                new JsonObject(),
                null);
    }
}
