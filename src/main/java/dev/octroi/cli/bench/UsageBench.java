package dev.octroi.cli.bench;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DayZone;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.EmbeddedServer;
import dev.octroi.db.Ids;
import dev.octroi.db.Migrations;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.quota.AccountCommand;
import dev.octroi.quota.AccountKey;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.Actor;
import dev.octroi.quota.Decider;
import dev.octroi.quota.NewAccount;
import dev.octroi.quota.Sinks;
import dev.octroi.quota.UsageRecord;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Records per second that are decided and on disk, on a durable embedded server of its own: dedupe, ledger, hours, balance,
 * policy and drain detector on, 2 % duplicates, commands in hundreds. Through the write path in this process, without
 * HTTP; the reference is a bare statement that only dedupes and adds up, in arrays of 1,000 on 4 connections.
 */
final class UsageBench {
    private static final int CHUNK = 100;
    private static final int OUTSTANDING = 64;
    private static final int BARE_CHUNK = 1_000;
    private static final int BARE_CONNECTIONS = 4;
    private static final int DUPLICATE_PERCENT = 2;
    private static final int TIMEOUT_MS = 30_000;

    private final int accountCount;
    private final int recordCount;
    private final int runs;
    private final SplittableRandom random = new SplittableRandom(1);
    private long serial;

    UsageBench(int accountCount, int recordCount, int runs) {
        this.accountCount = accountCount;
        this.recordCount = recordCount;
        this.runs = runs;
    }

    List<BenchResult> run() throws Exception {
        Path directory = Files.createTempDirectory("octroi-bench");
        Vertx vertx = Vertx.vertx();
        try (EmbeddedServer server = EmbeddedServer.start(directory, true)) {
            DatabaseConfig config = server.config();
            Migrations.apply(config);
            Database database = new Database(vertx, config, 6, TIMEOUT_MS);
            Pool owner = owner(vertx, config, 1);
            Pool bare = owner(vertx, config, BARE_CONNECTIONS);
            BenchStore store = new BenchStore(owner);
            Instant now = InstantSource.system().instant();
            AccountKey template = new AccountKey(1, new Ids(() -> now, random).next(0));
            await(database.inWorker(connection -> new AccountStore()
                    .open(connection, new NewAccount(template, template.accountId(), terms(), ZoneOffset.UTC, now))));
            await(store.prepare(template.accountId(), accountCount));
            List<BenchResult> results = measure(vertx, database, store, bare, now);
            await(Future.join(database.close(), owner.close(), bare.close()));
            return results;
        } finally {
            await(vertx.close());
            delete(directory);
        }
    }

    private List<BenchResult> measure(Vertx vertx, Database database, BenchStore store, Pool bare, Instant now)
            throws Exception {
        Accounts accounts = new Accounts(
                vertx,
                database,
                new Decider(DrainDetector.shipped(), Population.shipped()),
                noSinks(),
                InstantSource.system(),
                4);
        List<Double> spread = new ArrayList<>();
        List<Double> hot = new ArrayList<>();
        List<Double> reference = new ArrayList<>();
        double spreadWal = 0;
        double hotWal = 0;
        // One run of each first that is not counted: a cold JVM is another measurement.
        for (int run = 0; run <= runs; run++) {
            double bareRate = rate(bareRun(store, bare));
            long before = await(store.walBytes());
            double spreadRate = rate(decidedRun(accounts, accountCount, now));
            long between = await(store.walBytes());
            double hotRate = rate(decidedRun(accounts, 1, now));
            long after = await(store.walBytes());
            if (run > 0) {
                reference.add(bareRate);
                spread.add(spreadRate);
                hot.add(hotRate);
                spreadWal += (double) (between - before) / recordCount / runs;
                hotWal += (double) (after - between) / recordCount / runs;
            }
        }
        double bareMedian = BenchResult.median(reference);
        double spreadMedian = BenchResult.median(spread);
        return List.of(
                new BenchResult(
                        "usage",
                        "spread",
                        spreadMedian,
                        "records/s",
                        "bare statement",
                        bareMedian,
                        spread,
                        wal(spreadWal)),
                new BenchResult(
                        "usage",
                        "hot-account",
                        BenchResult.median(hot),
                        "records/s",
                        "spread",
                        spreadMedian,
                        hot,
                        wal(hotWal)));
    }

    private static JsonObject wal(double bytes) {
        return new JsonObject().put("walBytesPerRecord", Math.round(bytes));
    }

    /** Sends all records of a run and waits for the last answer. */
    private Runnable decidedRun(Accounts accounts, int among, Instant now) {
        return () -> {
            Semaphore places = new Semaphore(OUTSTANDING);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            for (int sent = 0; sent < recordCount; sent += CHUNK) {
                List<Accounts.Submission> chunk = new ArrayList<>(CHUNK);
                for (int i = 0; i < CHUNK; i++) {
                    long id = BenchStore.accountId(random.nextInt(among));
                    chunk.add(new Accounts.Submission(
                            new AccountKey(1, id), new AccountCommand.CountUsage(record(now), Actor.network("bench"))));
                }
                places.acquireUninterruptibly();
                accounts.submitAll(chunk).onFailure(failure::set).onComplete(done -> places.release());
            }
            places.acquireUninterruptibly(OUTSTANDING);
            Throwable failed = failure.get();
            if (failed != null) {
                throw new IllegalStateException("the bench failed: " + failed.getMessage(), failed);
            }
        };
    }

    private Runnable bareRun(BenchStore store, Pool bare) {
        return () -> {
            Semaphore places = new Semaphore(BARE_CONNECTIONS);
            for (int sent = 0; sent < recordCount; sent += BARE_CHUNK) {
                Long[] ids = new Long[BARE_CHUNK];
                Long[] keys = new Long[BARE_CHUNK];
                Long[] bytes = new Long[BARE_CHUNK];
                for (int i = 0; i < BARE_CHUNK; i++) {
                    ids[i] = BenchStore.accountId(random.nextInt(accountCount));
                    keys[i] = nextKey();
                    bytes[i] = random.nextLong(1_000_000);
                }
                places.acquireUninterruptibly();
                // A deadlock between two unordered statements is the reference's own loss.
                store.bare(bare, ids, keys, bytes).onComplete(done -> places.release());
            }
            places.acquireUninterruptibly(BARE_CONNECTIONS);
        };
    }

    private double rate(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return recordCount / ((System.nanoTime() - start) / 1e9);
    }

    private long nextKey() {
        return random.nextInt(100) < DUPLICATE_PERCENT && serial > 0 ? serial - 1 : serial++;
    }

    private UsageRecord record(Instant now) {
        long bytes = random.nextLong(1_000_000);
        return new UsageRecord(
                "bench",
                "r" + nextKey(),
                UsageRecord.Meaning.DELTA,
                null,
                64,
                now,
                now,
                now,
                bytes / 8,
                bytes,
                "208-01",
                "FR",
                null,
                "NR",
                Category.WEB);
    }

    static PlanTerms terms() {
        return new PlanTerms(
                PlanTerms.SCHEMA,
                "bench",
                1_000_000_000_000_000L,
                Validity.days(366, Validity.StartMode.ON_ORDER),
                new AfterQuota.Stop(),
                PlanTerms.DEFAULT_WARN_AT_PERCENT,
                List.of(),
                DrainPolicy.NOTIFY,
                DayZone.UTC);
    }

    static Sinks noSinks() {
        return new Sinks(
                (connection, rows) -> Future.succeededFuture(),
                (connection, rows) -> Future.succeededFuture(),
                (connection, rows) -> Future.succeededFuture(),
                (connection, rows) -> Future.succeededFuture(),
                (connection, rows) -> Future.succeededFuture(),
                (connection, rows) -> Future.succeededFuture(),
                () -> {});
    }

    static Pool owner(Vertx vertx, DatabaseConfig config, int connections) {
        return PgBuilder.pool()
                .using(vertx)
                .with(new PoolOptions().setMaxSize(connections))
                .connectingTo(new PgConnectOptions()
                        .setHost(config.host())
                        .setPort(config.port())
                        .setDatabase(config.database())
                        .setUser(config.ownerUser())
                        .setPassword(config.ownerPassword())
                        .setCachePreparedStatements(true))
                .build();
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.MINUTES);
    }

    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + directory, e);
        }
    }
}
