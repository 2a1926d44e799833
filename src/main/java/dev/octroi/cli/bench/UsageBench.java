package dev.octroi.cli.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Records per second that are decided and on disk: a gateway in a process of its own on a durable embedded server, usage
 * reported by this one over mutual TLS, in hundreds from 64 connections, 2 % duplicates; everything is on. Beside each rate:
 * processor time of the gateway and of PostgreSQL, and write-ahead log, for each record. At the end the ledger has to hold
 * every byte once.
 */
final class UsageBench {
    private static final int EACH = 100;
    private static final int SENDERS = 64;
    private static final int LATENCY_PER_SECOND = 1_000;
    private static final int LATENCY_SECONDS = 10;
    private static final int MIN_WARM_UP_RUNS = 3;
    private static final Duration MAX_WARM_UP = Duration.ofMinutes(2);
    private static final int GROWTH = 10;
    private static final int GROWTH_WARM_UP = 2;

    private final Terms terms;

    /**
     * What to measure.
     *
     * @param accounts profiles that are reported about
     * @param records of one run
     * @param runs of each case
     * @param growth whether to measure again with ten times the profiles, and with a ledger ten times as long
     * @param settings of the gateway, {@code key=value}
     */
    record Terms(int accounts, int records, int runs, boolean growth, List<String> settings) {
        Terms {
            settings = List.copyOf(settings);
        }
    }

    UsageBench(Terms terms) {
        this.terms = terms;
    }

    /** One run. */
    private record Run(double perSecond, double gatewayUs, double databaseUs, double walBytes) {}

    private final Map<String, List<Run>> measured = new LinkedHashMap<>();

    List<BenchResult> run() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (BenchGateway gateway = new BenchGateway(vertx, terms.settings(), Set.of("usage:report"))) {
            gateway.network().open(0, terms.accounts() - 1);
            BenchPools.await(gateway.network().store().prepareReference(terms.accounts()));
            try (UsageLoad load = new UsageLoad(vertx, gateway, SENDERS)) {
                List<BenchResult> results = measure(gateway, load);
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

    private List<BenchResult> measure(BenchGateway gateway, UsageLoad load) throws Exception {
        WarmUp.run(gateway.cpu(), MIN_WARM_UP_RUNS, MAX_WARM_UP, () -> {
            load.run(new UsageLoad.Plan(terms.records(), terms.accounts(), EACH, SENDERS));
            load.run(new UsageLoad.Plan(terms.records() / 4, 1, EACH, SENDERS));
            load.steadily(LATENCY_PER_SECOND, LATENCY_PER_SECOND, terms.accounts());
        });
        UsageReference reference = new UsageReference(gateway.network().store(), terms.accounts());
        Pool four = gateway.network().pool(UsageReference.CONNECTIONS);
        Pool many = gateway.network().pool(UsageReference.SINGLE_CONNECTIONS);
        for (int run = 0; run <= terms.runs(); run++) {
            // The first of the references is not counted: their plans are made then.
            note(run > 0 ? "arrays" : "cold", gateway, terms.records(), () -> reference.arrays(four, terms.records()));
            int singles = Math.max(1_000, terms.records() / 10);
            note(run > 0 ? "singles" : "cold", gateway, singles, () -> reference.singles(many, singles));
            if (run > 0) {
                drive("spread", gateway, load, terms.accounts());
                drive("hot", gateway, load, 1);
            }
        }
        BenchPools.await(Future.join(four.close(), many.close()));
        List<BenchResult> results = new ArrayList<>();
        results.add(result("spread", "arrays", "bare statement, arrays of 1,000"));
        results.add(result("spread", "singles", "bare statement, one record each"));
        results.add(result("hot", "spread", "spread"));
        results.add(latency(gateway, load));
        if (terms.growth()) {
            results.addAll(grown(gateway, load));
        }
        return results;
    }

    private List<BenchResult> grown(BenchGateway gateway, UsageLoad load) throws Exception {
        int more = terms.accounts() * GROWTH;
        gateway.network().open(terms.accounts(), more - 1);
        // So many that nearly all of them have been seen: what a gateway remembers is measured, not how it learns it.
        load.run(new UsageLoad.Plan((long) more * GROWTH_WARM_UP, more, EACH, SENDERS));
        for (int run = 0; run < terms.runs(); run++) {
            drive("profiles x10", gateway, load, more);
        }
        BenchPools.await(gateway.network().store().lengthenLedger(GROWTH - 1));
        drive("warm-up", gateway, load, terms.accounts());
        for (int run = 0; run < terms.runs(); run++) {
            drive("ledger x10", gateway, load, terms.accounts());
        }
        return List.of(result("profiles x10", "spread", "spread"), result("ledger x10", "spread", "spread"));
    }

    private void drive(String name, BenchGateway gateway, UsageLoad load, int accounts) throws Exception {
        UsageLoad.Plan plan = new UsageLoad.Plan(terms.records(), accounts, EACH, SENDERS);
        note(name, gateway, terms.records(), () -> load.run(plan));
    }

    private void note(String name, BenchGateway gateway, int records, Work work) throws Exception {
        BenchGateway.Consumed before = gateway.consumed();
        long start = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        BenchGateway.Consumed used = gateway.consumed().since(before);
        Run run = new Run(
                records / seconds,
                used.cpu().gatewayMs() * 1e3 / records,
                used.cpu().databaseMs() * 1e3 / records,
                (double) used.walBytes() / records);
        measured.computeIfAbsent(name, key -> new ArrayList<>()).add(run);
    }

    private BenchResult result(String name, String reference, String words) {
        List<Run> runs = measured.getOrDefault(name, List.of());
        List<Double> rates = runs.stream().map(Run::perSecond).toList();
        return new BenchResult(
                "usage",
                name,
                BenchResult.median(rates),
                "records/s",
                words,
                median(reference, Run::perSecond),
                rates,
                new JsonObject()
                        .put("gatewayUs", BenchResult.rounded(median(name, Run::gatewayUs)))
                        .put("databaseUs", BenchResult.rounded(median(name, Run::databaseUs)))
                        .put("walBytes", BenchResult.rounded(median(name, Run::walBytes)))
                        .put("referenceDatabaseUs", BenchResult.rounded(median(reference, Run::databaseUs))));
    }

    private double median(String name, ToDoubleFunction<Run> value) {
        return BenchResult.median(measured.getOrDefault(name, List.of()).stream()
                .map(value::applyAsDouble)
                .toList());
    }

    /** From the sending of a record to its answer, which comes when it is decided and on disk, at a steady rate. */
    private BenchResult latency(BenchGateway gateway, UsageLoad load) throws Exception {
        BenchGateway.Consumed before = gateway.consumed();
        List<Double> runs = new ArrayList<>();
        List<Double> middles = new ArrayList<>();
        for (int run = 0; run < terms.runs(); run++) {
            List<Long> times =
                    load.steadily(LATENCY_PER_SECOND, LATENCY_PER_SECOND * LATENCY_SECONDS, terms.accounts());
            runs.add(times.get((int) (times.size() * 0.99)) / 1e6);
            middles.add(times.get(times.size() / 2) / 1e6);
        }
        return new BenchResult(
                "usage",
                "decision-p99-ms at " + LATENCY_PER_SECOND + "/s",
                BenchResult.median(runs),
                "ms",
                "p50",
                BenchResult.median(middles),
                runs,
                gateway.consumed().since(before).each((long) terms.runs() * LATENCY_PER_SECOND * LATENCY_SECONDS));
    }
}
