package dev.octroi.callback.network;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.call.Message;
import dev.octroi.callback.connector.Connector;
import dev.octroi.callback.outbox.Verdict;
import dev.octroi.db.Database;
import dev.octroi.db.PublicId;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what networks enforce, where their connector can be read, and compares it with what they confirmed. A policy that a
 * network has lost counts as unconfirmed again, and so the reconciler repairs it. Where all is as it should be the next read
 * is twice as far away, up to a day; where it could not be read, as far as before.
 */
public final class NetworkReads {
    /** Reads of one round. */
    static final int AT_ONCE = 64;

    private static final Logger log = LoggerFactory.getLogger(NetworkReads.class);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;

    private final Database database;
    private final CallbackClient client;
    private final QosClient qos;
    private final PolicyProof proof;
    private final Duration readEvery;
    private final long timeoutMs;
    private final InstantSource clock;
    private final MeterRegistry registry;
    private final NetworkReadStore store = new NetworkReadStore();

    public NetworkReads(
            Database database,
            CallbackClient client,
            QosClient qos,
            PolicyProof proof,
            Duration readEvery,
            long timeoutMs,
            InstantSource clock,
            MeterRegistry registry) {
        this.database = requireNonNull(database, "database is null");
        this.client = requireNonNull(client, "client is null");
        this.qos = requireNonNull(qos, "qos is null");
        this.proof = requireNonNull(proof, "proof is null");
        this.readEvery = requireNonNull(readEvery, "readEvery is null");
        this.timeoutMs = timeoutMs;
        this.clock = requireNonNull(clock, "clock is null");
        this.registry = requireNonNull(registry, "registry is null");
    }

    /** What reading gave. */
    private sealed interface Reading {
        /** As it should be. */
        record Same() implements Reading {}

        /** The network has something else, or nothing. */
        record Lost(String reason) implements Reading {}

        /** It could not be read, or not yet. */
        record Unknown(String reason) implements Reading {}
    }

    /** Reads what is due; gives how many policies turned out to be lost. */
    public Future<Integer> round() {
        return database.inWorker(connection -> store.claim(connection, clock.instant(), readEvery, AT_ONCE))
                .compose(due -> {
                    List<Future<Boolean>> reads = new ArrayList<>();
                    due.forEach(each -> reads.add(read(each)));
                    return reads.isEmpty()
                            ? Future.succeededFuture(0)
                            : Future.join(reads).map(done ->
                                    (int) reads.stream().filter(Future::result).count());
                });
    }

    /** Never fails: a network that cannot be read is read another time. */
    private Future<Boolean> read(NetworkReadStore.Due due) {
        Future<Reading> reading;
        try {
            reading = due.partner().connector() instanceof Connector.SignedHttp http
                    ? overHttp(due, http)
                    : assignment(due);
        } catch (RuntimeException e) {
            reading = Future.failedFuture(e);
        }
        return reading.recover(failure -> Future.succeededFuture(new Reading.Unknown(Verdict.words(failure))))
                .compose(got -> put(due, got))
                .otherwise(failure -> {
                    log.warn(
                            "what a network said cannot be put down: {}",
                            failure.getClass().getSimpleName());
                    return false;
                });
    }

    private Future<Boolean> put(NetworkReadStore.Due due, Reading reading) {
        return switch (reading) {
            case Reading.Same same -> {
                count("same");
                yield Future.succeededFuture(false);
            }
            case Reading.Unknown unknown -> {
                count("failed");
                yield database.inWorker(connection -> store.failed(connection, due.copy(), clock.instant(), readEvery))
                        .map(false);
            }
            case Reading.Lost lost -> {
                count("lost");
                Instant now = clock.instant();
                yield database.inWorker(connection -> proof.lost(connection, due.copy(), lost.reason(), now)
                        .compose(was -> store.lost(connection, due.copy()).map(was)));
            }
        };
    }

    private Future<Reading> overHttp(NetworkReadStore.Due due, Connector.SignedHttp http) {
        NetworkCopy copy = due.copy();
        Optional<URI> url = http.stateOf(PublicId.SUBSCRIPTION.format(copy.subscriptionId()));
        if (url.isEmpty()) {
            return Future.succeededFuture(new Reading.Unknown("the partner has no address to read"));
        }
        return client.send(
                        "GET",
                        url.get(),
                        null,
                        new Message(Map.of("Accept", "application/json"), Buffer.buffer()),
                        timeoutMs)
                .map(answer -> switch (answer.status()) {
                    case OK -> compared(copy, due.toldVersion(), answer.body());
                    case NOT_FOUND -> absent(copy);
                    default -> new Reading.Unknown("status " + answer.status());
                });
    }

    /** Full speed is what holds where there is no policy. */
    private static Reading absent(NetworkCopy copy) {
        return copy.policy().getInteger("level", 0) == 0
                ? new Reading.Same()
                : new Reading.Lost("the network knows no policy of the subscription");
    }

    private static Reading compared(NetworkCopy copy, long told, Buffer body) {
        Map<String, Object> state;
        try {
            state = new JsonObject(body).getMap();
        } catch (DecodeException | ClassCastException e) {
            return new Reading.Unknown("the answer is no JSON object");
        }
        if (state == null
                || !(state.get("version") instanceof Number version)
                || !(state.get("level") instanceof Number level)) {
            return new Reading.Unknown("the answer has no version or no level");
        }
        if (version.longValue() > told) {
            return new Reading.Unknown("the network has a newer version");
        }
        if (version.longValue() < told) {
            return new Reading.Lost("the network has version " + version.longValue());
        }
        boolean same = level.intValue() == copy.policy().getInteger("level", 0)
                && kbps(state.get("kbpsDown")) == kbps(copy.policy().getValue("kbpsDown"))
                && kbps(state.get("kbpsUp")) == kbps(copy.policy().getValue("kbpsUp"));
        return same ? new Reading.Same() : new Reading.Lost("the network enforces something else");
    }

    /** Unlimited is as fast as can be. */
    private static long kbps(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : Long.MAX_VALUE;
    }

    private Future<Reading> assignment(NetworkReadStore.Due due) {
        NetworkCopy copy = due.copy();
        String id = copy.assignmentId();
        if (id == null || copy.qosProfile() == null) {
            return Future.succeededFuture(new Reading.Unknown("there is no assignment to read"));
        }
        String profile = copy.qosProfile();
        return qos.get(due.partner(), id).map(answer -> {
            if (answer.status() == NOT_FOUND || answer.status() == GONE) {
                return new Reading.Lost("the network has no QoS assignment any more");
            }
            Optional<QosAssignment> read = answer.status() == OK ? QosAssignment.read(answer.body()) : Optional.empty();
            if (read.isEmpty() || read.get().status() == QosAssignment.Status.REQUESTED) {
                return new Reading.Unknown("status " + answer.status());
            }
            return read.get().status() == QosAssignment.Status.AVAILABLE
                            && read.get().isOf(profile)
                    ? new Reading.Same()
                    : new Reading.Lost("the network ended the QoS assignment");
        });
    }

    private void count(String result) {
        registry.counter("octroi.network.reads", "result", result).increment();
    }
}
