package dev.octroi.callback.network;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the events of CAMARA APIs. They come late, twice or out of order: one counts only for the request whose token it
 * shows, which has to be the last one, and what the network has ended does not come back. A lost event is made up for by
 * reading.
 */
public final class QosEvents {
    private static final String SCHEME = "Bearer ";

    private final Database database;
    private final SinkTokens tokens;
    private final PolicyProof proof;
    private final InstantSource clock;
    private final Duration readEvery;
    private final MeterRegistry registry;
    private final Runnable nudge;
    private final NetworkCopyStore store = new NetworkCopyStore();

    public QosEvents(
            Database database,
            SinkTokens tokens,
            PolicyProof proof,
            InstantSource clock,
            Duration readEvery,
            MeterRegistry registry,
            Runnable nudge) {
        this.database = requireNonNull(database, "database is null");
        this.tokens = requireNonNull(tokens, "tokens is null");
        this.proof = requireNonNull(proof, "proof is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.readEvery = requireNonNull(readEvery, "readEvery is null");
        this.registry = requireNonNull(registry, "registry is null");
        this.nudge = requireNonNull(nudge, "nudge is null");
    }

    /** How an event was received. */
    public sealed interface Reception {
        /** Taken, or nothing to do about. */
        record Taken() implements Reception {}

        /** The token is none that we issued, or has expired. */
        record Unauthorized() implements Reception {}

        /** The body is no event. */
        record Malformed(String reason) implements Reception {}
    }

    /**
     * Whether a header shows a token of ours that is good still; asks no database.
     *
     * @param authorization the header, null when there was none
     */
    public boolean knows(@Nullable String authorization) {
        boolean known = request(authorization, clock.instant()).isPresent();
        if (!known) {
            count("unauthorized");
        }
        return known;
    }

    private Optional<SinkTokens.Request> request(@Nullable String authorization, Instant now) {
        return authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.empty()
                : tokens.read(authorization.substring(SCHEME.length()).strip(), now);
    }

    /**
     * Takes an event; completes when it is on disk.
     *
     * @param authorization the header, null when there was none
     * @param body at most 16 KiB
     */
    public Future<Reception> receive(@Nullable String authorization, Buffer body) {
        Instant now = clock.instant();
        Optional<SinkTokens.Request> request = request(authorization, now);
        if (request.isEmpty()) {
            count("unauthorized");
            return Future.succeededFuture(new Reception.Unauthorized());
        }
        return switch (QosEvent.read(body)) {
            case QosEvent.Read.Malformed malformed -> {
                count("malformed");
                yield Future.succeededFuture(new Reception.Malformed(malformed.reason()));
            }
            case QosEvent.Read.Other other -> {
                count("other");
                yield Future.succeededFuture(new Reception.Taken());
            }
            case QosEvent.Read.Changed changed ->
                database.inWorker(connection -> take(connection, request.get(), changed.event(), now))
                        .map(result -> {
                            count(result);
                            nudge.run();
                            return new Reception.Taken();
                        });
        };
    }

    private Future<String> take(SqlConnection connection, SinkTokens.Request request, QosEvent event, Instant now) {
        return store.lock(connection, request.tenantId(), request.subscriptionId())
                .compose(found -> {
                    boolean current = found.isPresent()
                            && found.get().number() == request.number()
                            && (found.get().assignmentId() == null
                                    || event.assignmentId().equals(found.get().assignmentId()));
                    if (!current) {
                        return Future.succeededFuture("stale");
                    }
                    NetworkCopy copy = found.get();
                    return event.status() == QosAssignment.Status.AVAILABLE
                            ? available(connection, copy, event, now)
                            : unavailable(connection, copy, event, now);
                });
    }

    private Future<String> available(SqlConnection connection, NetworkCopy copy, QosEvent event, Instant now) {
        if (copy.state() != NetworkCopy.State.REQUESTED) {
            return Future.succeededFuture("repeated");
        }
        return store.said(connection, copy, NetworkCopy.State.AVAILABLE, event.assignmentId(), now.plus(readEvery))
                // What another connector still holds has to be let go first: the delivery does that and confirms.
                .compose(said ->
                        copy.elsewhere() ? proof.hasten(connection, copy, now) : proof.confirmed(connection, copy, now))
                .map("available");
    }

    private Future<String> unavailable(SqlConnection connection, NetworkCopy copy, QosEvent event, Instant now) {
        return switch (copy.state()) {
            case UNAVAILABLE, NONE -> Future.succeededFuture("repeated");
            // What we ended is over: the delivery that waits for it goes on.
            case DELETING -> proof.hasten(connection, copy, now).map("deleted");
            case REQUESTED, AVAILABLE ->
                store.said(connection, copy, NetworkCopy.State.UNAVAILABLE, event.assignmentId(), null)
                        .compose(said -> proof.lost(connection, copy, "the network ended the QoS assignment", now))
                        .compose(lost -> proof.again(connection, copy, now))
                        .map("unavailable");
        };
    }

    private void count(String result) {
        registry.counter("octroi.qos.events", "result", result).increment();
    }
}
