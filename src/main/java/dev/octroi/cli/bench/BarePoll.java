package dev.octroi.cli.bench;

import dev.octroi.db.DatabaseConfig;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The reference: rows written to a table at a steady rate, and a poll every 250 ms that takes what is there. */
final class BarePoll implements AutoCloseable {
    private static final long POLL_MS = 250;
    private static final int TIMEOUT_SECONDS = 60;

    private final Vertx vertx = Vertx.vertx();
    private final Pool pool;
    private final BenchStore store;

    BarePoll(DatabaseConfig config) throws InterruptedException {
        pool = BenchPools.owner(vertx, config, 2);
        store = new BenchStore(pool);
        try {
            BenchPools.await(store.prepareOutbox());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the reference's table was not made", e);
        }
    }

    /** Milliseconds from when each row was due to when it was taken, sorted. */
    List<Double> run(int rows, int perSecond) throws InterruptedException {
        long start = System.nanoTime();
        List<Double> tookMs = new ArrayList<>(rows);
        CountDownLatch missing = new CountDownLatch(rows);
        long timer = vertx.setPeriodic(
                POLL_MS,
                tick -> store.takeFromOutbox()
                        .onSuccess(taken -> taken.forEach(number -> {
                            tookMs.add((System.nanoTime() - start - due(number, perSecond)) / 1e6);
                            missing.countDown();
                        })));
        for (int row = 0; row < rows; row++) {
            long wait = start + due(row, perSecond) - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
            store.putIntoOutbox(row);
        }
        boolean all = missing.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        vertx.cancelTimer(timer);
        if (!all) {
            throw new IllegalStateException(missing.getCount() + " rows of the reference were not taken");
        }
        return tookMs.stream().sorted().toList();
    }

    private static long due(int row, int perSecond) {
        return row * 1_000_000_000L / perSecond;
    }

    @Override
    public void close() {
        pool.close();
        vertx.close();
    }
}
