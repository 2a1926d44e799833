package dev.octroi.callback.network;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.connector.IdentifierSource;
import dev.octroi.callback.connector.QosDevice;
import dev.octroi.callback.outbox.ClaimedRow;
import dev.octroi.callback.outbox.Taken;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells policies to networks with a CAMARA API: each attempt finds out what the network has and brings it to what is wanted,
 * so it may be made as often as one likes. A policy counts as confirmed when the API was read and said so, never by the
 * answer to a request alone; the event of {@link QosEvents} confirms as well.
 */
public final class CamaraConnector {
    private final Database database;
    private final QosClient client;
    private final SinkTokens tokens;
    private final String sink;
    private final Ids ids;
    private final InstantSource clock;
    private final Duration readEvery;
    private final NetworkCopyStore store = new NetworkCopyStore();

    /**
     * @param sink where events are received
     * @param readEvery how long after a confirmation the network is read again
     */
    public CamaraConnector(
            Database database,
            QosClient client,
            SinkTokens tokens,
            String sink,
            Ids ids,
            InstantSource clock,
            Duration readEvery) {
        this.database = requireNonNull(database, "database is null");
        this.client = requireNonNull(client, "client is null");
        this.tokens = requireNonNull(tokens, "tokens is null");
        this.sink = requireNonNull(sink, "sink is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.readEvery = requireNonNull(readEvery, "readEvery is null");
    }

    /**
     * Brings the network to what a policy asks of it.
     *
     * @param wanted the QoS profile; empty: no assignment, full speed
     */
    Future<Taken> bring(
            ClaimedRow row,
            ClaimedRow.Partner partner,
            Optional<String> wanted,
            QosDevice naming,
            IdentifierSource.Identifiers identifiers) {
        Optional<JsonObject> device = naming.of(identifiers);
        if (device.isEmpty()) {
            return Future.succeededFuture(Taken.withheld("the profile's IMSI is not known"));
        }
        return store.find(database.workerPool(), row.tenantId(), row.key())
                .compose(copy -> new QosDelivery(this, row, partner, wanted, device.get())
                        .from(copy.filter(known -> known.partnerId() == partner.id())));
    }

    QosClient client() {
        return client;
    }

    /** A copy for a request that is about to be made, on disk before it is; empty where it is not to be made any more. */
    Future<Optional<NetworkCopy>> asking(ClaimedRow row, ClaimedRow.Partner partner, String qosProfile) {
        NetworkCopy copy = copy(row, partner, NetworkCopy.State.REQUESTED, ids.next(row.vshard()), null, qosProfile);
        return put(row, copy);
    }

    /** The same for what the device had before; it stands for the policy of then, and confirms no later one. */
    Future<Optional<NetworkCopy>> askingAgain(ClaimedRow row, NetworkCopy before) {
        NetworkCopy copy = new NetworkCopy(
                before.tenantId(),
                before.subscriptionId(),
                before.partnerId(),
                before.version(),
                before.policy(),
                NetworkCopy.State.REQUESTED,
                ids.next(Ids.shardOf(before.subscriptionId())),
                null,
                before.qosProfile(),
                before.elsewhere());
        return put(row, copy);
    }

    private Future<Optional<NetworkCopy>> put(ClaimedRow row, NetworkCopy copy) {
        return store.put(database.workerPool(), row, copy)
                .map(written -> written ? Optional.of(copy) : Optional.empty());
    }

    /** The request, with the sink that its events go to. */
    JsonObject request(NetworkCopy copy, JsonObject device) {
        Instant until = clock.instant().plus(SinkTokens.LIFE);
        String token =
                tokens.issue(new SinkTokens.Request(copy.tenantId(), copy.subscriptionId(), copy.number()), until);
        return new JsonObject()
                .put("device", device)
                .put("qosProfile", copy.qosProfile())
                .put("sink", sink)
                .put(
                        "sinkCredential",
                        new JsonObject()
                                .put("credentialType", "ACCESSTOKEN")
                                .put("accessToken", token)
                                .put(
                                        "accessTokenExpiresUtc",
                                        Instant.ofEpochSecond(until.getEpochSecond())
                                                .toString())
                                .put("accessTokenType", "bearer"));
    }

    Future<Void> said(NetworkCopy copy, QosAssignment assignment) {
        return switch (assignment.status()) {
            case REQUESTED -> said(copy, NetworkCopy.State.REQUESTED, assignment.id());
            case AVAILABLE -> said(copy, NetworkCopy.State.AVAILABLE, assignment.id());
            case UNAVAILABLE -> said(copy, NetworkCopy.State.UNAVAILABLE, assignment.id());
        };
    }

    Future<Void> deleting(NetworkCopy copy) {
        return said(copy, NetworkCopy.State.DELETING, copy.assignmentId());
    }

    private Future<Void> said(NetworkCopy copy, NetworkCopy.State state, @Nullable String id) {
        Instant readAfter =
                state == NetworkCopy.State.AVAILABLE ? clock.instant().plus(readEvery) : null;
        return store.said(database.workerPool(), copy, state, id, readAfter);
    }

    /** The device has no assignment any more; empty where it is not the device of now. */
    Future<Optional<NetworkCopy>> none(ClaimedRow row, ClaimedRow.Partner partner) {
        return put(row, copy(row, partner, NetworkCopy.State.NONE, 0, null, null));
    }

    /** An assignment that we do not know, or not under which number; empty where it is not of the device of now. */
    Future<Optional<NetworkCopy>> adopted(
            ClaimedRow row, ClaimedRow.Partner partner, QosAssignment found, String qosProfile) {
        NetworkCopy copy =
                copy(row, partner, NetworkCopy.State.REQUESTED, ids.next(row.vshard()), found.id(), qosProfile);
        return put(row, copy);
    }

    private static NetworkCopy copy(
            ClaimedRow row,
            ClaimedRow.Partner partner,
            NetworkCopy.State state,
            long number,
            @Nullable String assignmentId,
            @Nullable String qosProfile) {
        return new NetworkCopy(
                row.tenantId(),
                row.key(),
                partner.id(),
                row.version(),
                row.payload(),
                state,
                number,
                assignmentId,
                qosProfile,
                false);
    }
}
