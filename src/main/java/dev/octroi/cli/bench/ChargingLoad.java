package dev.octroi.cli.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * SMFs that charge over mutual TLS and HTTP/2: each message reports what was used and asks for the next volume, and one of
 * twenty is sent twice and has to be answered alike.
 */
final class ChargingLoad implements AutoCloseable {
    private static final String BASE = "/nchf-convergedcharging/v3/chargingdata";
    static final long USED_BYTES = 100_000;
    private static final int REPEAT_EVERY = 20;

    private final int port;
    private final List<HttpClient> clients = new ArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();

    /** A session with its numbers. */
    record Session(String ref, AtomicLong sequence) {}

    ChargingLoad(Vertx vertx, BenchNetwork network, int port, int connections) {
        this.port = port;
        for (int i = 0; i < connections; i++) {
            clients.add(vertx.createHttpClient(
                    network.client().setUseAlpn(true).setProtocolVersion(HttpVersion.HTTP_2),
                    new PoolOptions().setHttp2MaxSize(1)));
        }
    }

    /** Opens sessions of accounts, so many for each. */
    List<Session> sessions(int firstAccount, int accounts, int each) throws Exception {
        List<Session> sessions = new ArrayList<>();
        for (int i = firstAccount; i < firstAccount + accounts; i++) {
            for (int n = 0; n < each; n++) {
                JsonObject creation = body(1).put("chargingId", i * 100 + n)
                        .put("subscriberIdentifier", "imsi-" + BenchNetwork.imsi(i));
                String location = BenchPools.await(clients.getFirst()
                        .request(HttpMethod.POST, port, "127.0.0.1", BASE)
                        .compose(request -> request.putHeader("Content-Type", "application/json")
                                .send(creation.toBuffer()))
                        .map(answer -> String.valueOf(answer.getHeader("Location"))));
                sessions.add(new Session(location.substring(location.lastIndexOf('/') + 1), new AtomicLong(1)));
            }
        }
        return sessions;
    }

    /** Each session sends its next message when the last one is answered, as an SMF does. */
    void drive(List<Session> sessions, long messages) throws Exception {
        AtomicLong left = new AtomicLong(messages);
        List<Future<?>> streams = new ArrayList<>();
        for (int i = 0; i < sessions.size(); i++) {
            streams.add(next(i % clients.size(), sessions.get(i), left));
        }
        BenchPools.await(Future.all(streams));
    }

    /** Sends messages at a steady rate; gives the time from when each was due to its answer, nanoseconds, ascending. */
    List<Long> steadily(List<Session> sessions, double perSecond, int messages) throws Exception {
        return SteadyRate.times(perSecond, messages, number -> {
            Session session = sessions.get(number % sessions.size());
            return update(number % clients.size(), session, message(session));
        });
    }

    /** Bytes of all messages, each once. */
    long bytes() {
        return sent.get() * USED_BYTES;
    }

    /** Messages that came again and were answered alike. */
    long repeated() {
        return repeated.get();
    }

    @Override
    public void close() {
        clients.forEach(client ->
                client.close().toCompletionStage().toCompletableFuture().join());
    }

    private Future<Void> next(int connection, Session session, AtomicLong left) {
        long turn = left.getAndDecrement();
        if (turn <= 0) {
            return Future.succeededFuture();
        }
        JsonObject message = message(session);
        return update(connection, session, message)
                .compose(first -> turn % REPEAT_EVERY == 0
                        ? again(connection, session, message, first, left)
                        : Future.succeededFuture())
                .compose(done -> next(connection, session, left));
    }

    private Future<Void> again(int connection, Session session, JsonObject message, Buffer first, AtomicLong left) {
        left.decrementAndGet();
        return update(connection, session, message).map(second -> {
            if (!second.equals(first)) {
                throw new IllegalStateException("a message that came again was answered otherwise");
            }
            repeated.incrementAndGet();
            return null;
        });
    }

    private JsonObject message(Session session) {
        long sequence = session.sequence().incrementAndGet();
        sent.incrementAndGet();
        JsonObject container = new JsonObject()
                .put("localSequenceNumber", sequence)
                .put("triggerTimestamp", Instant.now().toString())
                .put("uplinkVolume", USED_BYTES / 10)
                .put("downlinkVolume", USED_BYTES - USED_BYTES / 10);
        return body(sequence)
                .put(
                        "multipleUnitUsage",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("ratingGroup", 1)
                                        .put("requestedUnit", new JsonObject())
                                        .put("usedUnitContainer", new JsonArray().add(container))));
    }

    private Future<Buffer> update(int connection, Session session, JsonObject message) {
        return clients.get(connection)
                .request(HttpMethod.POST, port, "127.0.0.1", BASE + "/" + session.ref() + "/update")
                .compose(request ->
                        request.putHeader("Content-Type", "application/json").send(message.toBuffer()))
                .compose(answer -> answer.statusCode() == 200
                        ? answer.body()
                        : Future.failedFuture(new IllegalStateException("status " + answer.statusCode())));
    }

    private static JsonObject body(long sequence) {
        return new JsonObject()
                .put("nfConsumerIdentification", new JsonObject().put("nodeFunctionality", "SMF"))
                .put("invocationTimeStamp", Instant.now().toString())
                .put("invocationSequenceNumber", sequence);
    }
}
