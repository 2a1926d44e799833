package dev.octroi.cli.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Records per second that are decided and on disk: a gateway in a process of its own on a durable embedded server, usage
 * reported by this one over mutual TLS, in hundreds from 64 connections, 2 % duplicates; everything is on. Beside each rate:
 * processor time of the gateway and of PostgreSQL, and write-ahead log, for each record. At the end the ledger has to hold
 * every byte once.
 */
final class UsageBench {
    private static final int LATENCY_PER_SECOND = 1_000;
    private static final int LATENCY_SECONDS = 10;
    private static final int MIN_WARM_UP_RUNS = 3;
    private static final Duration MAX_WARM_UP = Duration.ofMinutes(2);

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

    List<BenchResult> run() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (BenchGateway gateway = new BenchGateway(vertx, terms.settings(), Set.of("usage:report"))) {
            gateway.network().open(0, terms.accounts() - 1);
            BenchPools.await(gateway.network().store().prepareReference(terms.accounts()));
            try (UsageLoad load = new UsageLoad(vertx, gateway, UsageCases.SENDERS)) {
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
            load.run(new UsageLoad.Plan(terms.records(), terms.accounts(), UsageCases.EACH, UsageCases.SENDERS));
            load.run(new UsageLoad.Plan(terms.records() / 4, 1, UsageCases.EACH, UsageCases.SENDERS));
            load.steadily(LATENCY_PER_SECOND, LATENCY_PER_SECOND, terms.accounts());
        });
        UsageCases cases = new UsageCases(gateway, load);
        UsageReference reference = new UsageReference(gateway.network().store(), terms.accounts());
        Pool four = gateway.network().pool(UsageReference.CONNECTIONS);
        Pool many = gateway.network().pool(UsageReference.SINGLE_CONNECTIONS);
        for (int run = 0; run <= terms.runs(); run++) {
            // The first of the references is not counted: their plans are made then.
            cases.note(run > 0 ? "arrays" : "cold", terms.records(), () -> reference.arrays(four, terms.records()));
            int singles = Math.max(1_000, terms.records() / 10);
            cases.note(run > 0 ? "singles" : "cold", singles, () -> reference.singles(many, singles));
            if (run > 0) {
                cases.drive("spread", terms.records(), terms.accounts());
                cases.drive("hot", terms.records(), 1);
            }
        }
        BenchPools.await(Future.join(four.close(), many.close()));
        List<BenchResult> results = new ArrayList<>();
        results.add(cases.result("spread", "arrays", "bare statement, arrays of 1,000"));
        results.add(cases.result("spread", "singles", "bare statement, one record each"));
        results.add(cases.result("hot", "spread", "spread"));
        results.add(latency(gateway, load));
        if (terms.growth()) {
            results.addAll(new UsageGrowth(terms, gateway, load).run());
        }
        return results;
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
