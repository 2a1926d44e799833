package dev.octroi.callback.outbox;

import dev.octroi.callback.call.CircuitBreaker;
import dev.octroi.callback.call.HostBreakers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Bulkhead and circuit breaker of each endpoint. Confined to the dispatcher's event loop.
 *
 * <p>Rows of webhooks and of network functions are claimed by endpoint, policies by the partner that they go to, as many as it has
 * room for. Progress for operators may be in a queue that several share: it is claimed first, and held back where its operator has
 * no room.
 */
final class Lanes {
    private static final int MAX_REMEMBERED = 10_000;
    /** Longer than any pause of a breaker. A webhook that was disabled, or a partner that was removed, is asked no more. */
    private static final long FORGOTTEN_AFTER_MS = 600_000;
    /** Attempts at a time to webhooks, and to network functions; none is claimed beyond. */
    private static final int MAX_OF_STREAM = 512;
    /** Of one tenant's webhooks. */
    private static final int MAX_OF_TENANT = 64;
    /** Among so many rows the one is chosen with which a partner is asked that is known to be dead. */
    private static final int PROBED = 16;
    /** So many operators can be busy to the brim before others wait for them. */
    private static final int FULL_PARTNERS = 4;

    private final DispatcherSettings settings;
    private final Map<ClaimedRow.Lane, Lane> lanes = new HashMap<>();
    private final Map<Stream, Integer> underWay = new EnumMap<>(Stream.class);
    /** Attempts under way to webhooks, by tenant. */
    private final Map<Integer, Integer> tenants = new HashMap<>();
    /** Policies under way, by the queue that they came from. */
    private final Map<DispatchStore.Queue, Integer> queues = new HashMap<>();

    private static final class Lane {
        private final int tenantId;
        private final CircuitBreaker breaker;
        /** Whose rows failed since anything was answered; no more than open a breaker. */
        private final Set<Long> failedKeys = new HashSet<>();

        private int inFlight;
        private long askedAtMs;

        private Lane(int tenantId, double scale) {
            this.tenantId = tenantId;
            breaker = new CircuitBreaker(scale);
        }
    }

    /**
     * What was claimed.
     *
     * @param admitted rows that count as in flight from now on
     * @param held rows to be put back
     */
    record Admission(List<ClaimedRow> admitted, List<ClaimedRow.Held> held) {}

    Lanes(DispatcherSettings settings) {
        this.settings = settings;
    }

    /** How many rows each queue may give. */
    DispatchStore.Rooms rooms(long nowMs) {
        List<DispatchStore.Room> rooms = new ArrayList<>();
        Map<Long, Integer> partners = new HashMap<>();
        lanes.forEach((lane, state) -> {
            if (lane.stream() == Stream.NETWORK) {
                partners.put(lane.endpointId(), room(lane, state, nowMs));
            } else if (lane.stream() != Stream.ES2 || lane.endpointId() != 0) {
                rooms.add(new DispatchStore.Room(lane, room(lane, state, nowMs)));
            }
        });
        ClaimedRow.Lane shared = new ClaimedRow.Lane(Stream.ES2, 0);
        int progress = FULL_PARTNERS * settings.inFlight(shared) - underWay(Stream.ES2);
        rooms.add(new DispatchStore.Room(shared, Math.max(0, progress)));
        int unknown = settings.endpointInFlight();
        return new DispatchStore.Rooms(
                policies(partners),
                rooms,
                bounds(Stream.WEBHOOK, unknown),
                bounds(Stream.CHARGING, unknown),
                tenantRooms(),
                MAX_OF_TENANT);
    }

    /** However many networks are busy to the brim, one that is not may be told a policy at a time. */
    private DispatchStore.PolicyRooms policies(Map<Long, Integer> partners) {
        int left = left(Stream.NETWORK);
        int unknown = Math.min(settings.networkInFlight(), Math.max(1, left));
        return new DispatchStore.PolicyRooms(
                partners, unknown, Math.max(settings.networkInFlight(), left), Map.copyOf(queues));
    }

    private int room(ClaimedRow.Lane lane, Lane state, long nowMs) {
        int free = state.breaker.free(nowMs, state.inFlight, settings.inFlight(lane));
        if (isShared(lane.stream()) && state.breaker.open()) {
            return free == 0 ? 0 : PROBED;
        }
        int least = lane.stream() == Stream.NETWORK && state.inFlight == 0 ? 1 : 0;
        return Math.min(free, Math.max(least, left(lane.stream(), state)));
    }

    private DispatchStore.Bounds bounds(Stream stream, int unknown) {
        int left = left(stream);
        return new DispatchStore.Bounds(Math.min(unknown, left), left);
    }

    private Map<Integer, Integer> tenantRooms() {
        Map<Integer, Integer> rooms = new HashMap<>();
        tenants.forEach((tenant, count) -> rooms.put(tenant, Math.max(0, MAX_OF_TENANT - count)));
        return rooms;
    }

    /** What one stream, or one tenant's endpoints, may still take: those of the others go on however slow these are. */
    private int left(Stream stream, Lane lane) {
        int ofTenant =
                stream == Stream.WEBHOOK ? MAX_OF_TENANT - tenants.getOrDefault(lane.tenantId, 0) : MAX_OF_STREAM;
        return Math.min(left(stream), Math.max(0, ofTenant));
    }

    private int left(Stream stream) {
        return Math.max(0, MAX_OF_STREAM - underWay(stream));
    }

    private int underWay(Stream stream) {
        return underWay.getOrDefault(stream, 0);
    }

    /**
     * Takes in what has been claimed, in its order. A partner that is known to be dead is asked with the row that was tried least, of
     * these with the newest: the oldest ones are those that it never takes, and it would look dead for good.
     */
    Admission admit(List<ClaimedRow> claimed, Instant now) {
        long nowMs = now.toEpochMilli();
        Map<ClaimedRow.Lane, ClaimedRow> probes = probes(claimed);
        List<ClaimedRow> admitted = new ArrayList<>(claimed.size());
        List<ClaimedRow.Held> held = new ArrayList<>();
        for (ClaimedRow row : claimed) {
            Lane lane = lanes.computeIfAbsent(row.lane(), key -> new Lane(row.tenantId(), settings.scheduleScale()));
            lane.askedAtMs = nowMs;
            boolean isChosen = probes.getOrDefault(row.lane(), row).equals(row);
            if (isShared(row.stream()) && !(isChosen && hasRoom(row.lane(), lane, nowMs))) {
                held.add(new ClaimedRow.Held(row, now.plusMillis(lane.breaker.waitMs(nowMs))));
            } else {
                begun(row, lane);
                admitted.add(row);
            }
        }
        return new Admission(admitted, held);
    }

    private boolean hasRoom(ClaimedRow.Lane lane, Lane state, long nowMs) {
        return state.breaker.free(nowMs, state.inFlight, settings.inFlight(lane)) > 0;
    }

    /** The row with which each shared lane whose breaker is open is asked. */
    private Map<ClaimedRow.Lane, ClaimedRow> probes(List<ClaimedRow> claimed) {
        return claimed.stream()
                .filter(row -> isShared(row.stream()) && isOpen(row.lane()))
                .collect(Collectors.toMap(
                        ClaimedRow::lane,
                        Function.identity(),
                        BinaryOperator.minBy(Comparator.comparingInt(ClaimedRow::attempts)
                                .thenComparing(ClaimedRow::createdAt, Comparator.reverseOrder()))));
    }

    private boolean isOpen(ClaimedRow.Lane lane) {
        Lane state = lanes.get(lane);
        return state != null && state.breaker.open();
    }

    private void begun(ClaimedRow row, Lane state) {
        state.inFlight++;
        underWay.merge(row.stream(), 1, Integer::sum);
        if (row.stream() == Stream.WEBHOOK) {
            tenants.merge(state.tenantId, 1, Integer::sum);
        } else if (row.stream() == Stream.NETWORK) {
            queues.merge(row.policyQueue(), 1, Integer::sum);
        }
    }

    /** The receiver answered as it should, or refused this row only. */
    void answered(ClaimedRow.Lane lane) {
        Lane state = lanes.get(lane);
        if (state != null) {
            state.failedKeys.clear();
            state.breaker.succeeded();
        }
    }

    /**
     * The receiver did not answer, or said that it cannot now. A partner of network functions has many hosts, which have breakers
     * of their own: {@link HostBreakers}. Of a partner the rows of one key count once: what it fails on whenever it is asked says nothing of
     * the others.
     */
    void failed(ClaimedRow row, long nowMs) {
        Lane state = lanes.get(row.lane());
        if (state == null || row.stream() == Stream.CHARGING) {
            return;
        }
        if (!isShared(row.stream()) || state.breaker.open() || state.failedKeys.add(row.key())) {
            state.breaker.failed(nowMs);
        }
    }

    /** The row has been put down. */
    void ended(ClaimedRow row) {
        Lane state = lanes.get(row.lane());
        if (state == null) {
            return;
        }
        state.inFlight--;
        underWay.merge(row.stream(), -1, Integer::sum);
        if (row.stream() == Stream.WEBHOOK) {
            tenants.computeIfPresent(state.tenantId, (tenant, count) -> count == 1 ? null : count - 1);
        } else if (row.stream() == Stream.NETWORK) {
            queues.computeIfPresent(row.policyQueue(), (queue, count) -> count == 1 ? null : count - 1);
        }
        if (state.inFlight == 0 && !state.breaker.open() && lanes.size() > MAX_REMEMBERED) {
            lanes.remove(row.lane());
        }
    }

    /** Forgets endpoints for which nothing was claimed for ten minutes. */
    void forget(long nowMs) {
        lanes.values().removeIf(lane -> lane.inFlight == 0 && nowMs - lane.askedAtMs >= FORGOTTEN_AFTER_MS);
    }

    /** How many endpoints are known to be dead. */
    int open() {
        return (int) lanes.values().stream().filter(lane -> lane.breaker.open()).count();
    }

    private static boolean isShared(Stream stream) {
        return stream == Stream.NETWORK || stream == Stream.ES2;
    }
}
