package dev.octroi.cli.bench;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Two gateways on one PostgreSQL, killed at random together with it (SIGKILL, every process) while a network reports usage
 * and repeats 5 % of it. At the end every record that was answered must be counted, none twice, and all sums must agree. The
 * same with a server that answers before its log is on disk must lose something, or the test could not see a loss.
 */
final class ChaosBench {
    private static final int ACCOUNTS = 500;
    /** Little, so that policies change under the load. */
    private static final long QUOTA_BYTES = 5_000_000;

    private static final int SENDERS = 12;
    private static final int MAX_CONTROL_CYCLES = 12;
    private static final int MIN_RUN_MS = 400;
    private static final int MAX_RUN_MS = 1_600;

    private final int cycles;
    private final long seed;
    private final Consumer<String> progress;

    /** @param progress hears of each cycle: fifty of them took 25 minutes */
    ChaosBench(int cycles, long seed, Consumer<String> progress) {
        this.cycles = cycles;
        this.seed = seed;
        this.progress = progress;
    }

    /** What a series of cycles ended with. */
    private record End(
            int cycles,
            int kills,
            long records,
            long replayed,
            long lost,
            long twice,
            long refused,
            BenchStore.Disagreement sums) {
        long disagreeing() {
            return refused + sums.all();
        }
    }

    List<BenchResult> run() throws Exception {
        End durable = series(true, cycles);
        if (durable.lost + durable.twice + durable.disagreeing() > 0) {
            throw new IllegalStateException("seed " + seed + ": " + durable);
        }
        End control = series(false, MAX_CONTROL_CYCLES);
        if (control.lost == 0) {
            throw new IllegalStateException("no loss was seen without durability, seed " + seed + ": " + control);
        }
        JsonObject more = new JsonObject()
                .put("cycles", durable.cycles)
                .put("kills", durable.kills)
                .put("records", durable.records)
                .put("replayed", durable.replayed)
                .put("twice", durable.twice)
                .put("disagreeing", durable.disagreeing())
                .put("controlCycles", control.cycles);
        return List.of(new BenchResult(
                "chaos",
                "records lost",
                durable.lost,
                "records",
                "with durability off",
                control.lost,
                List.of((double) durable.lost),
                more));
    }

    private End series(boolean isDurable, int most) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Vertx vertx = Vertx.vertx();
        try (ChaosRig rig = new ChaosRig(isDurable, isDurable ? 2 : 1);
                BenchNetwork network =
                        new BenchNetwork(vertx, rig.keys(), rig.config(), Set.of("usage:report"), QUOTA_BYTES);
                ChaosLoad load = openLoad(vertx, rig, network)) {
            load.start(SENDERS);
            int kills = 0;
            int done = 0;
            boolean isLost = false;
            while (done < most && !isLost) {
                done++;
                kills += cycle(rig, random, isDurable);
                isLost = !isDurable && missing(network, load) > 0;
                progress.accept("%s %d of %d, %d killed so far, %d records sent"
                        .formatted(isDurable ? "cycle" : "without durability: cycle", done, most, kills, load.sent()));
            }
            load.stop();
            return end(network, load, done, kills);
        } finally {
            BenchPools.await(vertx.close());
        }
    }

    private ChaosLoad openLoad(Vertx vertx, ChaosRig rig, BenchNetwork network) throws Exception {
        network.open(0, ACCOUNTS - 1);
        return new ChaosLoad(vertx, rig, network, ACCOUNTS, seed);
    }

    /** Lets them run, kills some of them, starts these again. Gives how many were killed. */
    private static int cycle(ChaosRig rig, SplittableRandom random, boolean isDurable) throws Exception {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(MIN_RUN_MS, MAX_RUN_MS)));
        if (!isDurable) {
            // Without durability only a dead server loses anything.
            rig.killDatabase();
            rig.startDatabase();
            return 1;
        }
        boolean database = random.nextInt(3) == 0;
        List<Integer> gateways = new ArrayList<>();
        for (int i = 0; i < rig.gateways(); i++) {
            if (random.nextInt(2) == 0 || (!database && gateways.isEmpty() && i == rig.gateways() - 1)) {
                gateways.add(i);
            }
        }
        gateways.forEach(rig::killGateway);
        if (database) {
            rig.killDatabase();
            rig.startDatabase();
        }
        for (int each : gateways) {
            rig.startGateway(each);
        }
        return gateways.size() + (database ? 1 : 0);
    }

    /** Records that were answered and are not in the ledger. */
    private static long missing(BenchNetwork network, ChaosLoad load) throws Exception {
        Map<Long, Long> answered = Map.copyOf(load.answered);
        Map<Long, Long> kept = BenchPools.await(network.store().ledger());
        return answered.entrySet().stream()
                .filter(each -> !each.getValue().equals(kept.get(each.getKey())))
                .count();
    }

    private static End end(BenchNetwork network, ChaosLoad load, int done, int kills) throws Exception {
        Map<Long, Long> kept = BenchPools.await(network.store().ledger());
        long unknown = kept.keySet().stream()
                .filter(each -> !load.answered.containsKey(each))
                .count();
        // What was told as counted more often than there are records was counted, lost and counted again.
        long twice = Math.max(0, load.counted.get() - load.forgotten.get() - load.sent()) + unknown;
        return new End(
                done,
                kills,
                load.sent(),
                load.replayed.get(),
                missing(network, load) + load.forgotten.get(),
                twice,
                load.refused.get(),
                BenchPools.await(network.store().disagreeing()));
    }
}
