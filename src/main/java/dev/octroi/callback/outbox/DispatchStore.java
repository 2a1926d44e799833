package dev.octroi.callback.outbox;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Takes rows of the outbox for sending and puts down how it went. Several dispatchers may work on one table.
 *
 * <p>What is claimed is always the oldest pending row of a key, its head: whoever locks the head owns the key for the
 * moment of claiming, so two dispatchers never send two rows of one key at a time. A claimed row carries its lease in
 * {@code next_at}; when the lease runs out the row is simply due again.
 */
final class DispatchStore {
    private final HeadStore heads = new HeadStore();
    private final PolicyHeadStore policies = new PolicyHeadStore();
    private final LeaseStore leases = new LeaseStore();
    private final CompletionStore completions = new CompletionStore();

    /** How many rows a lane may take now. */
    record Room(ClaimedRow.Lane lane, int rows) {}

    /**
     * How many rows of a stream may be taken now.
     *
     * @param endpoint of an endpoint that is not known
     * @param all of all its endpoints together
     */
    record Bounds(int endpoint, int all) {}

    /** A tenant's policies of one urgency. What was tried before is apart, so that what a network never takes stands in nobody's way. */
    record Queue(int tenantId, Urgency urgency, boolean tried) {}

    /**
     * How many policies may be taken now.
     *
     * @param partners of each network that is known; 0: of those without a partner
     * @param partner of a network that is not
     * @param all of all networks together
     * @param underWay how many of a queue are being sent
     */
    record PolicyRooms(Map<Long, Integer> partners, int partner, int all, Map<Queue, Integer> underWay) {}

    /**
     * How many rows the lanes may take now.
     *
     * @param policies of networks
     * @param lanes those of other receivers that are known
     * @param webhook of webhooks
     * @param charging of network functions
     * @param tenants of all webhooks of a tenant that has some under way
     * @param tenant of all webhooks of any other tenant
     */
    record Rooms(
            PolicyRooms policies,
            List<Room> lanes,
            Bounds webhook,
            Bounds charging,
            Map<Integer, Integer> tenants,
            int tenant) {}

    /** What one look gave; {@code deferred}: rows that others had to wait for have left the ranks of the due. */
    record Claimed(List<ClaimedRow> rows, boolean deferred) {}

    /**
     * Claims due rows.
     *
     * @param owner this dispatcher
     * @param leaseUntil until when nobody else may take what is claimed
     */
    Future<Claimed> claim(SqlConnection connection, long owner, Rooms rooms, Instant now, Instant leaseUntil) {
        Future<Void> lazily = LeaseStore.looking(connection);
        Future<List<HeadStore.Head>> others = heads.lock(connection, rooms, now);
        Future<List<HeadStore.Head>> told = policies.lock(connection, rooms.policies(), now);
        return Future.join(lazily, others, told).compose(done -> {
            List<HeadStore.Head> ready = found(others, told, HeadStore.Head::ready);
            List<HeadStore.Head> blocked = found(others, told, head -> !head.ready());
            return leases.lease(connection, owner, ready, now, leaseUntil)
                    .compose(rows ->
                            heads.defer(connection, blocked, now).map(deferred -> new Claimed(rows, deferred > 0)));
        });
    }

    private static List<HeadStore.Head> found(
            Future<List<HeadStore.Head>> others, Future<List<HeadStore.Head>> told, Predicate<HeadStore.Head> which) {
        return java.util.stream.Stream.concat(told.result().stream(), others.result().stream())
                .filter(which)
                .toList();
    }

    /** See {@link CompletionStore#complete}. */
    Future<List<Attempt>> complete(SqlConnection connection, long owner, List<Attempt> attempts, Instant now) {
        return completions.complete(connection, owner, attempts, now);
    }

    /** See {@link LeaseStore#release}. */
    Future<Void> release(SqlConnection connection, long owner, List<ClaimedRow.Held> held) {
        return leases.release(connection, owner, held);
    }

    /** See {@link LeaseStore#renew}. */
    Future<Void> renew(SqlConnection connection, long owner, List<ClaimedRow> rows, Instant leaseUntil) {
        return leases.renew(connection, owner, rows, leaseUntil);
    }
}
