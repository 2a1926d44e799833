package dev.octroi.cli.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A network that reports usage over mutual TLS: NDJSON of so many records in a request, a number of connections, each of
 * which sends the next request when the one before is answered. Two records of a hundred are ones that were sent before.
 */
final class UsageLoad implements AutoCloseable {
    private static final String PATH = "/network/v1/usage-records";
    private static final int DUPLICATE_PERCENT = 2;
    private static final int MAX_BYTES = 1_000_000;
    private static final int LINE_BYTES = 180;
    /** Less than the gateway's own patience, so that it never closes a connection on which a request is under way. */
    private static final int KEEP_ALIVE_SECONDS = 30;

    private final HttpClient client;
    private final int port;
    private final AtomicLong serial = new AtomicLong();
    private final AtomicLong turn = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final SplittableRandom seeds = new SplittableRandom(1);

    /** @param connections open at the same time */
    UsageLoad(Vertx vertx, BenchGateway gateway, int connections) {
        this.port = gateway.ports().operator();
        this.client = vertx.httpClientBuilder()
                .with(gateway.network().client().setKeepAliveTimeout(KEEP_ALIVE_SECONDS))
                .with(new PoolOptions().setHttp1MaxSize(connections))
                .build();
    }

    /**
     * What a run is made of.
     *
     * @param records so many
     * @param accounts of those below this number
     * @param inTurn whether each account is reported about as often as any other, or as chance has it
     * @param each records of a request
     * @param senders requests at the same time
     */
    record Plan(long records, int accounts, boolean inTurn, int each, int senders) {
        Plan(long records, int accounts, int each, int senders) {
            this(records, accounts, false, each, senders);
        }
    }

    /** Sends all records of a plan and waits for the last answer. Gives the time that each request took, nanoseconds. */
    List<Long> run(Plan plan) throws Exception {
        AtomicLong left = new AtomicLong(plan.records() / plan.each());
        List<Future<?>> senders = new ArrayList<>();
        List<Sender> all = new ArrayList<>();
        for (int i = 0; i < plan.senders(); i++) {
            Sender sender = new Sender(plan, seeds.split());
            all.add(sender);
            senders.add(sender.next(left));
        }
        BenchPools.await(Future.all(senders));
        List<Long> times = new ArrayList<>();
        all.forEach(sender -> times.addAll(sender.times));
        return times;
    }

    /** Sends single records at a steady rate; gives the time from when each was due to its answer, nanoseconds, ascending. */
    List<Long> steadily(int perSecond, int records, int accounts) throws Exception {
        Sender sender = new Sender(new Plan(records, accounts, 1, 1), seeds.split());
        return SteadyRate.times(perSecond, records, number -> sender.send(sender.body()));
    }

    /** Bytes of all records that were sent for the first time. */
    long bytes() {
        return bytes.get();
    }

    @Override
    public void close() {
        client.close().toCompletionStage().toCompletableFuture().join();
    }

    /** One connection's worth of a network. */
    private final class Sender {
        private final Plan plan;
        private final SplittableRandom random;
        private final List<Long> times = new ArrayList<>();
        private final List<String> sent = new ArrayList<>();
        private String end = "";

        Sender(Plan plan, SplittableRandom random) {
            this.plan = plan;
            this.random = random;
        }

        Future<Void> next(AtomicLong left) {
            if (left.getAndDecrement() <= 0) {
                return Future.succeededFuture();
            }
            Buffer body = body();
            long start = System.nanoTime();
            return send(body).compose(done -> {
                times.add(System.nanoTime() - start);
                return next(left);
            });
        }

        private Buffer body() {
            end = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
            StringBuilder lines = new StringBuilder(plan.each() * LINE_BYTES);
            for (int i = 0; i < plan.each(); i++) {
                lines.append(line()).append('\n');
            }
            return Buffer.buffer(lines.toString().getBytes(StandardCharsets.US_ASCII));
        }

        /** The one before the last request is repeated, so that it is surely counted, or may be in the same batch. */
        private String line() {
            if (!sent.isEmpty() && random.nextInt(100) < DUPLICATE_PERCENT) {
                return sent.get(random.nextInt(sent.size()));
            }
            int down = random.nextInt(MAX_BYTES);
            int up = down / 8;
            String line = "{\"id\":\"cdr-" + serial.incrementAndGet() + "\",\"imsi\":\""
                    + BenchNetwork.imsi(account()) + "\",\"end\":\"" + end + "\",\"up\":" + up
                    + ",\"down\":" + down + ",\"plmn\":\"208-01\",\"rat\":\"NR\",\"category\":\"web\"}";
            bytes.addAndGet(up + down);
            if (sent.size() < plan.each()) {
                sent.add(line);
            } else {
                sent.set(random.nextInt(sent.size()), line);
            }
            return line;
        }

        private int account() {
            return plan.inTurn() ? (int) (turn.getAndIncrement() % plan.accounts()) : random.nextInt(plan.accounts());
        }

        private Future<Void> send(Buffer body) {
            return client.request(HttpMethod.POST, port, "127.0.0.1", PATH)
                    .compose(request -> request.putHeader("Content-Type", "application/x-ndjson")
                            .send(body))
                    .compose(answer -> answer.statusCode() == 200
                            ? answer.end()
                            : answer.body()
                                    .compose(text -> Future.failedFuture(
                                            new IllegalStateException("status " + answer.statusCode() + ": " + text))));
        }
    }
}
