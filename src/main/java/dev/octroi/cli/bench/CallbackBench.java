package dev.octroi.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.cli.demo.ApiClient;
import dev.octroi.cli.demo.GatewayProcess;
import dev.octroi.cli.demo.Tls;
import dev.octroi.db.EmbeddedServer;
import dev.octroi.pki.DevPki;
import dev.octroi.pki.TlsFiles;
import dev.octroi.pki.TrustDomain;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * From the record that crosses a quota to the first attempt to tell the network, as the network sees it: 1,000 records per
 * second over mutual TLS, twenty in a request, one in fifty of them the last of its plan; a gateway in a process of its own on a
 * durable embedded server, the network in this one. Times count from when the request was due, so that a gateway that falls
 * behind cannot hide it. The reference is a bare poll of an outbox every 250 ms in the same server: rows written at the same
 * rate, taken in one statement, nothing decided and nothing sent.
 */
final class CallbackBench {
    static final int RECORDS_PER_SECOND = 1_000;
    static final int CROSSINGS_PER_SECOND = 20;

    private static final int PER_REQUEST = 20;
    /** Requests at a time, each on a connection that is kept, as elements of a network do. */
    private static final int CONNECTIONS = 16;

    /** The share of the rate at which a cold gateway is warmed up first. */
    private static final int SLOWLY = 4;

    private static final int QUIET_SUBSCRIPTIONS = 100;
    private static final int RUN_SECONDS = 10;
    private static final int WARM_UP_SECONDS = 10;
    private static final long QUOTA_BYTES = 100_000_000;
    private static final Duration LAST_CALLBACK = Duration.ofSeconds(20);

    private final int runs;
    private final AtomicInteger serial = new AtomicInteger();

    CallbackBench(int runs) {
        this.runs = runs;
    }

    /** Milliseconds of one run, sorted. */
    private record Run(List<Double> firstAttempt, List<Double> bare, double recordsPerSecond) {}

    List<BenchResult> run() throws Exception {
        try (BenchFolder folder = BenchFolder.create()) {
            return run(folder.path());
        }
    }

    private List<BenchResult> run(Path directory) throws Exception {
        DevPki pki = DevPki.ensure(directory.resolve("pki"), Clock.systemUTC(), new SecureRandom());
        try (CrossingNetwork network = new CrossingNetwork(pki);
                GatewayProcess gateway =
                        new GatewayProcess(directory, List.of("callback.networkUrl=" + network.url()))) {
            gateway.start();
            try (BenchShop shop = new BenchShop(directory, gateway.ports());
                    ApiClient element = element(pki, gateway.ports(), shop);
                    BarePoll poll = new BarePoll(
                            EmbeddedServer.running(directory.resolve("pg")).orElseThrow())) {
                return results(measure(network, shop, element, poll));
            }
        }
    }

    private List<Run> measure(CrossingNetwork network, BenchShop shop, ApiClient element, BarePoll poll)
            throws IOException, InterruptedException {
        List<BenchShop.Sold> quiet = shop.sellSmall(QUIET_SUBSCRIPTIONS, QUOTA_BYTES * 1_000);
        int slow = WARM_UP_SECONDS * CROSSINGS_PER_SECOND / SLOWLY;
        drive(network, element, quiet, shop.sellSmall(slow, QUOTA_BYTES), RECORDS_PER_SECOND / SLOWLY);
        int fast = WARM_UP_SECONDS * CROSSINGS_PER_SECOND;
        drive(network, element, quiet, shop.sellSmall(fast, QUOTA_BYTES), RECORDS_PER_SECOND);
        List<Run> measured = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            List<BenchShop.Sold> crossing = shop.sellSmall(RUN_SECONDS * CROSSINGS_PER_SECOND, QUOTA_BYTES);
            List<Double> bare = poll.run(crossing.size(), CROSSINGS_PER_SECOND);
            long start = System.nanoTime();
            List<Double> seen = drive(network, element, quiet, crossing, RECORDS_PER_SECOND);
            double seconds = (System.nanoTime() - start) / 1e9;
            measured.add(new Run(seen, bare, crossing.size() * records() / seconds));
        }
        return measured;
    }

    /** Records for each that crosses. */
    private static int records() {
        return RECORDS_PER_SECOND / CROSSINGS_PER_SECOND;
    }

    /** Sends all records of a run on time; gives how long each crossing took to be told, sorted. */
    private List<Double> drive(
            CrossingNetwork network,
            ApiClient element,
            List<BenchShop.Sold> quiet,
            List<BenchShop.Sold> crossing,
            int recordsPerSecond)
            throws IOException, InterruptedException {
        network.expect(crossing.size());
        List<Thread> requests = new ArrayList<>();
        Map<Integer, String> failures = new ConcurrentHashMap<>();
        Semaphore connections = new Semaphore(CONNECTIONS);
        long start = System.nanoTime();
        int count = crossing.size() * records() / PER_REQUEST;
        for (int request = 0; request < count; request++) {
            long due = start + request * 1_000_000_000L * PER_REQUEST / recordsPerSecond;
            String body = body(network, quiet, crossing, request, due);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            int number = request;
            requests.add(Thread.ofVirtual().start(() -> report(element, connections, body, number, failures)));
        }
        for (Thread request : requests) {
            request.join();
        }
        if (!failures.isEmpty()) {
            throw new IOException(
                    "records were not counted: " + failures.values().iterator().next());
        }
        return network.all(LAST_CALLBACK);
    }

    private String body(
            CrossingNetwork network, List<BenchShop.Sold> quiet, List<BenchShop.Sold> crossing, int request, long due) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < PER_REQUEST; i++) {
            int record = request * PER_REQUEST + i;
            boolean crosses = record % records() == 0;
            BenchShop.Sold sold = crosses ? crossing.get(record / records()) : quiet.get(record % quiet.size());
            if (crosses) {
                network.crossed(sold.id(), due);
            }
            body.append(record(sold, crosses ? 2 * QUOTA_BYTES : 10_000)).append('\n');
        }
        return body.toString();
    }

    private ObjectNode record(BenchShop.Sold sold, long bytes) {
        return ApiClient.JSON
                .createObjectNode()
                .put("id", "bench-" + serial.incrementAndGet())
                .put("iccid", sold.iccid())
                .put("end", Instant.now().toString())
                .put("plmn", "208-01")
                .put("up", 0)
                .put("down", bytes)
                .put("category", "web");
    }

    private static void report(
            ApiClient element, Semaphore connections, String body, int number, Map<Integer, String> failures) {
        connections.acquireUninterruptibly();
        try {
            element.send("POST", "/network/v1/usage-records", "application/x-ndjson", body, Map.of())
                    .expect(200);
        } catch (IOException | RuntimeException e) {
            failures.put(number, String.valueOf(e.getMessage()));
        } finally {
            connections.release();
        }
    }

    private static ApiClient element(DevPki pki, GatewayProcess.Ports ports, BenchShop shop)
            throws IOException, GeneralSecurityException {
        TlsFiles card = pki.domain(TrustDomain.NETWORK).client("bench-network");
        shop.registerNetwork("bench-network", card.chain());
        return new ApiClient(
                "https://localhost:" + ports.operator(),
                Tls.showing(card, pki.domain(TrustDomain.OPERATOR).rootFile()));
    }

    private static List<BenchResult> results(List<Run> measured) {
        return List.of(result(measured, "first attempt p50", 0.5), result(measured, "first attempt p99", 0.99));
    }

    private static BenchResult result(List<Run> measured, String name, double share) {
        List<Double> values = measured.stream()
                .map(run -> percentile(run.firstAttempt(), share))
                .toList();
        double bare = BenchResult.median(
                measured.stream().map(run -> percentile(run.bare(), share)).toList());
        return new BenchResult(
                "callback",
                name,
                BenchResult.median(values),
                "ms",
                "bare poll each 250 ms",
                bare,
                values,
                new JsonObject()
                        .put(
                                "maxMs",
                                BenchResult.rounded(measured.stream()
                                        .mapToDouble(run -> run.firstAttempt().getLast())
                                        .max()
                                        .orElse(0)))
                        .put(
                                "callbacks",
                                measured.stream()
                                        .mapToInt(run -> run.firstAttempt().size())
                                        .sum())
                        .put(
                                "recordsPerSecond",
                                BenchResult.rounded(BenchResult.median(measured.stream()
                                        .map(Run::recordsPerSecond)
                                        .toList()))));
    }

    static double percentile(List<Double> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1L, (long) Math.ceil(share * sorted.size()) - 1));
    }
}
