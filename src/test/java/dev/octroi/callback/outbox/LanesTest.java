package dev.octroi.callback.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
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
            lanes.failed(row, NOW.toEpochMilli());
            lanes.ended(row);
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

    /** What a network never takes is always the oldest: asked with that, it would look dead for good. */
    @Test
    void aPartnerThatLooksDeadIsAskedWithWhatWasTriedLeast() {
        List<ClaimedRow> neverTaken = LongStream.range(0, 5)
                .mapToObj(key -> policy(key, 9, NOW.minusSeconds(3_600)))
                .toList();
        neverTaken.forEach(this::fail);
        assertThat(lanes.open()).isEqualTo(1);
        Instant later = NOW.plus(Duration.ofMinutes(2));
        ClaimedRow older = policy(11, 1, NOW.minusSeconds(60));
        ClaimedRow fresh = policy(12, 1, later);
        List<ClaimedRow> claimed = new ArrayList<>(neverTaken);
        claimed.add(older);
        claimed.add(fresh);

        Lanes.Admission admission = lanes.admit(claimed, later);

        assertThat(admission.admitted()).containsExactly(fresh);
        assertThat(admission.held()).hasSize(6);
        lanes.answered(fresh.lane());
        lanes.ended(fresh);
        assertThat(lanes.admit(claimed, later).held()).isEmpty();
    }

    @Test
    void whatAPartnerFailsOnAgainAndAgainIsOneMarkAgainstIt() {
        ClaimedRow never = policy(1, 9, NOW);
        for (int i = 0; i < 20; i++) {
            fail(never);
        }
        assertThat(lanes.open()).isZero();
        for (int key = 2; key < 5; key++) {
            fail(policy(key, 1, NOW));
        }
        assertThat(lanes.open()).isZero();
        fail(policy(5, 1, NOW));
        assertThat(lanes.open()).isEqualTo(1);
    }

    /** Rows of a network that has no room are not claimed only to be given back. */
    @Test
    void whatANetworkHasNoRoomForIsLeftWhereItIs() {
        List<ClaimedRow> many = LongStream.range(0, SETTINGS.networkInFlight())
                .mapToObj(key -> policy(key, 1, NOW))
                .toList();
        assertThat(lanes.admit(many, NOW).held()).isEmpty();
        assertThat(policies(NOW).partners()).containsEntry(0L, 0);
        assertThat(policies(NOW).partner()).as("of another network").isEqualTo(SETTINGS.networkInFlight());
        assertThat(policies(NOW).underWay())
                .containsExactly(
                        Map.entry(new DispatchStore.Queue(1, Urgency.DECIDED, false), SETTINGS.networkInFlight()));
        many.forEach(lanes::ended);
        assertThat(policies(NOW).partners()).containsEntry(0L, SETTINGS.networkInFlight());
        assertThat(policies(NOW).underWay()).isEmpty();
    }

    /** Some to choose the one from that it is asked with, and none before it is time. */
    @Test
    void aNetworkThatLooksDeadIsAskedWithOneOfSeveral() {
        LongStream.range(0, 5).mapToObj(key -> policy(key, 9, NOW)).forEach(this::fail);
        assertThat(policies(NOW).partners()).containsEntry(0L, 0);
        Instant later = NOW.plus(Duration.ofMinutes(2));
        assertThat(policies(later).partners()).containsEntry(0L, 16);
        assertThat(lanes.admit(List.of(policy(8, 1, NOW), policy(9, 1, NOW)), later)
                        .admitted())
                .hasSize(1);
        assertThat(policies(later).partners()).containsEntry(0L, 0);
    }

    private DispatchStore.PolicyRooms policies(Instant now) {
        return lanes.rooms(now.toEpochMilli()).policies();
    }

    private void fail(ClaimedRow row) {
        lanes.admit(List.of(row), NOW);
        lanes.failed(row, NOW.toEpochMilli());
        lanes.ended(row);
    }

    private static ClaimedRow policy(long key, int attempts, Instant createdAt) {
        return row(Stream.NETWORK, 0, key, attempts, createdAt);
    }

    private static ClaimedRow row(long webhook) {
        return row(Stream.WEBHOOK, webhook, 1, 1, NOW);
    }

    private static ClaimedRow row(Stream stream, long endpoint, long key, int attempts, Instant createdAt) {
        return new ClaimedRow(
                1,
                (short) 0,
                key,
                stream,
                endpoint,
                key,
                1,
                0,
                new JsonObject(),
                createdAt,
                Urgency.DECIDED,
                attempts,
                attempts == 1,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
