package dev.octroi.callback;

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
        assertThat(drift("dead", 0, false).pause(first)).isEqualTo(first);
        assertThat(drift("dead", 3, false).pause(first)).isEqualTo(Duration.ofMinutes(4));
        assertThat(drift("dead", 7, false).pause(first)).isEqualTo(Duration.ofHours(1));
        assertThat(drift("dead", 1_000_000, false).pause(first)).isEqualTo(Duration.ofHours(1));
        assertThat(drift("dead", 5, false).pause(Duration.ofHours(2))).isEqualTo(Duration.ofHours(2));
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
