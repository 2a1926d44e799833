package dev.octroi.cli.bench;

import dev.octroi.db.LoopbackPort;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Messages of charging sessions per second: a gateway in a process of its own on a durable embedded server, driven by this one
 * over 64 connections with mutual TLS and HTTP/2; 256 sessions of an account each, or the 16 that one account may have. 5 %
 * are sent twice and must be answered alike, and at the end the ledger has every byte once. The reference is Bucket4j on the
 * same PostgreSQL.
 */
final class ChargingBench {
    private static final int CONNECTIONS = 64;
    private static final int SESSIONS = 256;
    private static final int HOT_SESSIONS = 16;
    private static final int STEADY_SECONDS = 5;
    private static final int MIN_WARM_UP_RUNS = 3;
    private static final Duration MAX_WARM_UP = Duration.ofMinutes(1);

    private final int messages;
    private final int runs;
    private final List<String> settings;

    /** @param settings of the gateway, {@code key=value} */
    ChargingBench(int messages, int runs, List<String> settings) {
        this.messages = messages;
        this.runs = runs;
        this.settings = List.copyOf(settings);
    }

    /** What was measured of one case. */
    private record Case(
            List<Double> rates,
            List<Double> references,
            List<Double> gatewayUs,
            List<Double> databaseUs,
            List<Double> walBytes,
            List<Double> referenceDatabaseUs) {
        Case() {
            this(
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>());
        }
    }

    List<BenchResult> run() throws Exception {
        if (!BucketReferenceStore.isAvailable()) {
            throw new IllegalStateException("Bucket4j is not on the class path; run it as ./octroi bench charging");
        }
        int port = LoopbackPort.free();
        List<String> all = new ArrayList<>(settings);
        all.add("listener.charging.host=127.0.0.1");
        all.add("listener.charging.port=" + port);
        Vertx vertx = Vertx.vertx();
        try (BenchGateway gateway = new BenchGateway(vertx, all, Set.of("nchf:charge"))) {
            gateway.network().open(0, SESSIONS);
            BenchPools.await(gateway.network().store().prepareBuckets());
            try (ChargingLoad load = new ChargingLoad(vertx, gateway.network(), port, CONNECTIONS);
                    BucketReferenceStore reference =
                            new BucketReferenceStore(gateway.network().config())) {
                List<BenchResult> results = measure(gateway, load, reference);
                long counted = BenchPools.await(gateway.network().store().ledgerBytes());
                if (counted != load.bytes()) {
                    throw new IllegalStateException(counted + " bytes counted, " + load.bytes() + " reported");
                }
                return results;
            }
        } finally {
            BenchPools.await(vertx.close());
        }
    }

    private List<BenchResult> measure(BenchGateway gateway, ChargingLoad load, BucketReferenceStore reference)
            throws Exception {
        List<ChargingLoad.Session> apart = load.sessions(1, SESSIONS, 1);
        List<ChargingLoad.Session> together = load.sessions(0, 1, HOT_SESSIONS);
        Case spread = new Case();
        Case hot = new Case();
        WarmUp.run(gateway.cpu(), MIN_WARM_UP_RUNS, MAX_WARM_UP, () -> {
            reference.take(messages / 4, SESSIONS, ChargingLoad.USED_BYTES);
            load.drive(apart, messages);
            load.drive(together, messages / 4);
        });
        for (int run = 0; run < runs; run++) {
            measure(gateway, spread, load, apart, () -> reference.take(messages, SESSIONS, ChargingLoad.USED_BYTES));
            measure(gateway, hot, load, together, () -> reference.take(messages / 4, 1, ChargingLoad.USED_BYTES));
        }
        return List.of(
                result("spread", spread),
                result("hot-account", hot),
                latency(gateway, load, apart, BenchResult.median(spread.rates) / 2));
    }

    /** From when a message is due to its answer, at a steady rate. */
    private BenchResult latency(
            BenchGateway gateway, ChargingLoad load, List<ChargingLoad.Session> sessions, double perSecond)
            throws Exception {
        int count = (int) (perSecond * STEADY_SECONDS);
        List<Double> middles = new ArrayList<>();
        List<Double> most = new ArrayList<>();
        BenchGateway.Consumed before = gateway.consumed();
        for (int run = 0; run < runs; run++) {
            List<Long> times = load.steadily(sessions, perSecond, count);
            middles.add(times.get(times.size() / 2) / 1e6);
            most.add(times.get((int) (times.size() * 0.95)) / 1e6);
        }
        return new BenchResult(
                "charging",
                "p95-ms at half load",
                BenchResult.median(most),
                "ms",
                "p50",
                BenchResult.median(middles),
                most,
                gateway.consumed()
                        .since(before)
                        .each((long) count * runs)
                        .put("perSecond", BenchResult.rounded(perSecond))
                        .put("repeatedAlike", load.repeated()));
    }

    private void measure(
            BenchGateway gateway, Case into, ChargingLoad load, List<ChargingLoad.Session> sessions, Work reference)
            throws Exception {
        int taken = sessions.size() > HOT_SESSIONS ? messages : messages / 4;
        BenchGateway.Consumed before = gateway.consumed();
        long start = System.nanoTime();
        reference.run();
        into.references.add(taken / ((System.nanoTime() - start) / 1e9));
        BenchGateway.Consumed between = gateway.consumed();
        start = System.nanoTime();
        load.drive(sessions, messages);
        into.rates.add(messages / ((System.nanoTime() - start) / 1e9));
        BenchGateway.Consumed used = gateway.consumed().since(between);
        into.referenceDatabaseUs.add(between.since(before).cpu().databaseMs() * 1e3 / taken);
        into.gatewayUs.add(used.cpu().gatewayMs() * 1e3 / messages);
        into.databaseUs.add(used.cpu().databaseMs() * 1e3 / messages);
        into.walBytes.add((double) used.walBytes() / messages);
    }

    private static BenchResult result(String name, Case measured) {
        return new BenchResult(
                "charging",
                name,
                BenchResult.median(measured.rates),
                "messages/s",
                "Bucket4j on PostgreSQL",
                BenchResult.median(measured.references),
                measured.rates,
                new JsonObject()
                        .put("gatewayUs", BenchResult.rounded(BenchResult.median(measured.gatewayUs)))
                        .put("databaseUs", BenchResult.rounded(BenchResult.median(measured.databaseUs)))
                        .put("walBytes", BenchResult.rounded(BenchResult.median(measured.walBytes)))
                        .put(
                                "referenceDatabaseUs",
                                BenchResult.rounded(BenchResult.median(measured.referenceDatabaseUs))));
    }
}
