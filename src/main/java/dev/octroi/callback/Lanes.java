package dev.octroi.callback;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Bulkhead and circuit breaker of each endpoint. Confined to the dispatcher's event loop. */
final class Lanes {
    private static final int MAX_REMEMBERED = 10_000;

    private final DispatcherSettings settings;
    private final Map<ClaimedRow.Lane, Lane> lanes = new HashMap<>();

    private static final class Lane {
        private final CircuitBreaker breaker;
        private int inFlight;

        private Lane(double scale) {
            breaker = new CircuitBreaker(scale);
        }
    }

    Lanes(DispatcherSettings settings) {
        this.settings = settings;
    }

    /** The lanes that may take another number of rows than an unknown one. */
    List<DispatchStore.Room> rooms(long nowMs) {
        List<DispatchStore.Room> rooms = new ArrayList<>();
        lanes.forEach((lane, state) -> rooms.add(
                new DispatchStore.Room(lane, state.breaker.free(nowMs, state.inFlight, settings.inFlight(lane)))));
        ClaimedRow.Lane network = new ClaimedRow.Lane(Stream.NETWORK, 0);
        if (!lanes.containsKey(network)) {
            rooms.add(new DispatchStore.Room(network, settings.networkInFlight()));
        }
        return rooms;
    }

    void started(ClaimedRow.Lane lane) {
        lanes.computeIfAbsent(lane, key -> new Lane(settings.scheduleScale())).inFlight++;
    }

    /** The receiver answered as it should, or refused this row only. */
    void answered(ClaimedRow.Lane lane) {
        Lane state = lanes.get(lane);
        if (state != null) {
            state.breaker.succeeded();
        }
    }

    /** The receiver did not answer, or said that it cannot now. */
    void failed(ClaimedRow.Lane lane, long nowMs) {
        Lane state = lanes.get(lane);
        if (state != null) {
            state.breaker.failed(nowMs);
        }
    }

    /** The row has been put down. */
    void ended(ClaimedRow.Lane lane) {
        Lane state = lanes.get(lane);
        if (state == null) {
            return;
        }
        state.inFlight--;
        if (state.inFlight == 0 && !state.breaker.open() && lanes.size() > MAX_REMEMBERED) {
            lanes.remove(lane);
        }
    }

    int open() {
        return (int) lanes.values().stream().filter(lane -> lane.breaker.open()).count();
    }
}
