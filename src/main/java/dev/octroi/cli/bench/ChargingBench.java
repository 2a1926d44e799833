package dev.octroi.cli.bench;

import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.EmbeddedServer;
import dev.octroi.db.Migrations;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Messages of charging sessions per second: each reports what was used and asks for the next volume, over 64 connections
 * with mutual TLS and HTTP/2; 256 sessions of an account each, or the 16 that one account may have. 5 % are sent twice and
 * must be answered alike, and at the end the ledger has every byte once. Durable embedded server, full write path; clients
 * and gateway share this machine. The reference is a shared bucket: one bare statement for each take, in a transaction of
 * its own on 16 connections, without HTTP and without anything counted or remembered.
 */
final class ChargingBench {
    private static final int CONNECTIONS = 64;
    private static final int STREAMS = 4;
    private static final int HOT_SESSIONS = 16;
    private static final int REPEAT_EVERY = 20;

    private final int messages;
    private final int runs;

    ChargingBench(int messages, int runs) {
        this.messages = messages;
        this.runs = runs;
    }

    List<BenchResult> run() throws Exception {
        Path directory = Files.createTempDirectory("octroi-bench");
        try (EmbeddedServer server = EmbeddedServer.start(directory.resolve("pg"), true)) {
            DatabaseConfig config = server.config();
            Migrations.apply(config);
            try (ChargingBenchServer charging =
                    new ChargingBenchServer(config, directory, CONNECTIONS * STREAMS + 1, CONNECTIONS)) {
                return measure(charging);
            }
        } finally {
            UsageBench.delete(directory);
        }
    }

    private List<BenchResult> measure(ChargingBenchServer charging) throws Exception {
        List<ChargingBenchServer.Session> apart = charging.sessions(1, CONNECTIONS * STREAMS, 1);
        List<ChargingBenchServer.Session> together = charging.sessions(0, 1, HOT_SESSIONS);
        List<Double> spread = new ArrayList<>();
        List<Double> hot = new ArrayList<>();
        List<Double> spreadReference = new ArrayList<>();
        List<Double> hotReference = new ArrayList<>();
        AtomicLong repeated = new AtomicLong();
        // One run of each first that is not counted: a cold JVM is another measurement.
        for (int run = 0; run <= runs; run++) {
            double spreadTaken = rate(() -> charging.takeFromBuckets(messages, CONNECTIONS * STREAMS));
            double spreadRate = rate(() -> drive(charging, apart, repeated));
            double hotTaken = rate(() -> charging.takeFromBuckets(messages, 1));
            double hotRate = rate(() -> drive(charging, together, repeated));
            if (run > 0) {
                spreadReference.add(spreadTaken);
                spread.add(spreadRate);
                hotReference.add(hotTaken);
                hot.add(hotRate);
            }
        }
        charging.check();
        JsonObject more = new JsonObject().put("repeatedAlike", repeated.get());
        return List.of(result("spread", spread, spreadReference, more), result("hot-account", hot, hotReference, more));
    }

    private static BenchResult result(String name, List<Double> values, List<Double> reference, JsonObject more) {
        return new BenchResult(
                "charging",
                name,
                BenchResult.median(values),
                "messages/s",
                "bare bucket",
                BenchResult.median(reference),
                values,
                more);
    }

    /** Each session sends its next message when the last one is answered, as an SMF does. */
    private void drive(ChargingBenchServer charging, List<ChargingBenchServer.Session> sessions, AtomicLong repeated)
            throws Exception {
        AtomicLong left = new AtomicLong(messages);
        List<Future<?>> streams = new ArrayList<>();
        for (int i = 0; i < sessions.size(); i++) {
            streams.add(next(charging, i % CONNECTIONS, sessions.get(i), left, repeated));
        }
        UsageBench.await(Future.all(streams));
    }

    private static Future<Void> next(
            ChargingBenchServer charging,
            int connection,
            ChargingBenchServer.Session session,
            AtomicLong left,
            AtomicLong repeated) {
        long turn = left.getAndDecrement();
        if (turn <= 0) {
            return Future.succeededFuture();
        }
        JsonObject message = charging.message(session);
        return charging.update(connection, session, message)
                .compose(first -> {
                    if (turn % REPEAT_EVERY != 0) {
                        return Future.<Void>succeededFuture();
                    }
                    left.decrementAndGet();
                    return charging.update(connection, session, message).map(second -> {
                        if (!second.equals(first)) {
                            throw new IllegalStateException("a message that came again was answered otherwise");
                        }
                        repeated.incrementAndGet();
                        return null;
                    });
                })
                .compose(done -> next(charging, connection, session, left, repeated));
    }

    private double rate(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return messages / ((System.nanoTime() - start) / 1e9);
    }

    /** What is measured. */
    private interface Work {
        void run() throws Exception;
    }
}
