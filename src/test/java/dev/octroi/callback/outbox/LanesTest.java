package dev.octroi.callback.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");

    private static final DispatcherSettings SETTINGS =
            DispatcherSettings.standard(Optional.empty(), Optional.empty(), 1);

    private final Lanes lanes = new Lanes(SETTINGS);

    @Test
    void anEndpointThatNothingIsSentToAnyMoreIsNoneThatIsKnownToBeDead() {
        ClaimedRow row = row(7);
        for (int i = 0; i < 10; i++) {
            lanes.admit(List.of(row), NOW);
            lanes.failed(row.lane(), NOW.toEpochMilli());
            lanes.ended(row.lane());
        }
        assertThat(lanes.open()).isEqualTo(1);
        lanes.forget(NOW.plus(Duration.ofMinutes(9)).toEpochMilli());
        assertThat(lanes.open()).isEqualTo(1);
        lanes.forget(NOW.plus(Duration.ofMinutes(10)).toEpochMilli());
        assertThat(lanes.open()).isZero();
    }

    @Test
    void anAttemptUnderWayIsNotForgotten() {
        ClaimedRow row = row(7);
        lanes.admit(List.of(row), NOW);
        lanes.forget(NOW.plus(Duration.ofHours(1)).toEpochMilli());
        int free = SETTINGS.endpointInFlight() - 1;
        assertThat(lanes.rooms(NOW.toEpochMilli()).lanes())
                .filteredOn(room -> room.lane().equals(row.lane()))
                .singleElement()
                .satisfies(room -> assertThat(room.rows()).isEqualTo(free));
    }

    private static ClaimedRow row(long webhook) {
        return new ClaimedRow(
                1,
                (short) 0,
                1,
                Stream.WEBHOOK,
                webhook,
                1,
                1,
                0,
                new JsonObject(),
                NOW,
                1,
                true,
                "usage.threshold_reached",
                new JsonObject(),
                NOW,
                null,
                null,
                null);
    }
}
