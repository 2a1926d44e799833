package dev.octroi.cli.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A network that never gives up: what is not answered is sent again, to whichever gateway, until it is; and one request of
 * twenty is one that was answered before. It remembers what was answered.
 */
final class ChaosLoad implements AutoCloseable {
    private static final String PATH = "/network/v1/usage-records";
    private static final int EACH = 20;
    private static final int REPLAY_EVERY = 20;
    private static final int MAX_BYTES = 100_000;
    private static final int TIMEOUT_MS = 10_000;
    private static final int PAUSE_MS = 50;
    private static final int MAX_REMEMBERED = 200;

    private final Vertx vertx;
    private final ChaosRig rig;
    private final HttpClient client;
    private final int accounts;
    private final SplittableRandom seeds;
    private final AtomicLong serial = new AtomicLong();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final List<Future<?>> senders = new ArrayList<>();

    /** Bytes of each record that was answered, by its number. */
    final ConcurrentHashMap<Long, Long> answered = new ConcurrentHashMap<>();
    /** Records that were said to be counted, more often than once when they were lost in between. */
    final AtomicLong counted = new AtomicLong();

    final AtomicLong replayed = new AtomicLong();
    /** Records that were counted when they were sent again, although they had been answered. */
    final AtomicLong forgotten = new AtomicLong();

    final AtomicInteger refused = new AtomicInteger();

    ChaosLoad(Vertx vertx, ChaosRig rig, BenchNetwork network, int accounts, long seed) {
        this.vertx = vertx;
        this.rig = rig;
        this.accounts = accounts;
        this.seeds = new SplittableRandom(seed);
        this.client = vertx.createHttpClient(
                network.client().setConnectTimeout(TIMEOUT_MS).setKeepAliveTimeout(2),
                new PoolOptions().setHttp1MaxSize(64));
    }

    private record Body(List<Long> numbers, List<Long> bytes, Buffer lines) {}

    void start(int count) {
        for (int i = 0; i < count; i++) {
            senders.add(new Sender(seeds.split()).next());
        }
    }

    /** Ends after every record that was ever sent is answered. */
    void stop() throws Exception {
        stopping.set(true);
        BenchPools.await(Future.all(senders));
    }

    long sent() {
        return serial.get();
    }

    @Override
    public void close() {
        client.close().toCompletionStage().toCompletableFuture().join();
    }

    /** One connection's worth of the network. */
    private final class Sender {
        private final SplittableRandom random;
        private final List<Body> done = new ArrayList<>();

        Sender(SplittableRandom random) {
            this.random = random;
        }

        Future<Void> next() {
            if (stopping.get()) {
                return Future.succeededFuture();
            }
            boolean again = !done.isEmpty() && random.nextInt(REPLAY_EVERY) == 0;
            Body body = again ? done.get(random.nextInt(done.size())) : body();
            return deliver(body).compose(answer -> {
                note(body, answer, again);
                return next();
            });
        }

        private void note(Body body, JsonObject answer, boolean again) {
            int fresh = answer.getInteger("counted");
            if (fresh + answer.getInteger("duplicate") != EACH) {
                refused.incrementAndGet();
            }
            counted.addAndGet(fresh);
            if (again) {
                replayed.addAndGet(EACH);
                forgotten.addAndGet(fresh);
                return;
            }
            for (int i = 0; i < EACH; i++) {
                answered.put(body.numbers.get(i), body.bytes.get(i));
            }
            if (done.size() < MAX_REMEMBERED) {
                done.add(body);
            } else {
                done.set(random.nextInt(MAX_REMEMBERED), body);
            }
        }

        private Body body() {
            String end = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
            StringBuilder lines = new StringBuilder();
            List<Long> numbers = new ArrayList<>();
            List<Long> bytes = new ArrayList<>();
            for (int i = 0; i < EACH; i++) {
                long number = serial.incrementAndGet();
                long down = random.nextInt(MAX_BYTES);
                numbers.add(number);
                bytes.add(down);
                lines.append("{\"id\":\"cdr-")
                        .append(number)
                        .append("\",\"imsi\":\"")
                        .append(BenchNetwork.imsi(random.nextInt(accounts)))
                        .append("\",\"end\":\"")
                        .append(end)
                        .append("\",\"up\":0,\"down\":")
                        .append(down)
                        .append(",\"plmn\":\"208-01\"}\n");
            }
            return new Body(numbers, bytes, Buffer.buffer(lines.toString()));
        }

        /** Until it is answered with 200. */
        private Future<JsonObject> deliver(Body body) {
            RequestOptions options = new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setHost("127.0.0.1")
                    .setPort(rig.port(random.nextInt(rig.gateways())))
                    .setURI(PATH)
                    .setTimeout(TIMEOUT_MS)
                    .putHeader("Content-Type", "application/x-ndjson");
            return client.request(options)
                    .compose(request -> request.send(body.lines))
                    .compose(answer -> answer.statusCode() == 200
                            ? answer.body().map(Buffer::toJsonObject)
                            : Future.<JsonObject>failedFuture("status " + answer.statusCode()))
                    .recover(failure ->
                            vertx.timer(PAUSE_MS, TimeUnit.MILLISECONDS).compose(later -> deliver(body)));
        }
    }
}
