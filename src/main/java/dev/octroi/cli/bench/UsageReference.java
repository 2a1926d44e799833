package dev.octroi.cli.bench;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What usage is held against: a statement that only drops duplicates and adds up, without HTTP and without anything decided.
 * In arrays of 1,000 from four connections, or one record for each transaction from 64.
 */
final class UsageReference {
    private static final int CHUNK = 1_000;
    static final int CONNECTIONS = 4;
    static final int SINGLE_CONNECTIONS = 64;
    private static final int MAX_BYTES = 1_000_000;
    private static final int DUPLICATE_PERCENT = 2;

    private final BenchStore store;
    private final int accounts;
    private final SplittableRandom random = new SplittableRandom(2);
    private long serial;

    UsageReference(BenchStore store, int accounts) {
        this.store = store;
        this.accounts = accounts;
    }

    /** Arrays of 1,000. */
    void arrays(Pool pool, long records) throws Exception {
        repeat(CONNECTIONS, records / CHUNK, () -> {
            Rows rows = rows(CHUNK);
            // A deadlock between two unordered statements is the reference's own loss.
            return store.bare(pool, rows.ids, rows.keys, rows.bytes).otherwiseEmpty();
        });
    }

    /** One record in each transaction. */
    void singles(Pool pool, long records) throws Exception {
        repeat(SINGLE_CONNECTIONS, records, () -> {
            Rows rows = rows(1);
            return store.bareSingle(pool, rows.ids[0], rows.keys[0], rows.bytes[0]);
        });
    }

    private record Rows(Long[] ids, Long[] keys, Long[] bytes) {}

    private synchronized Rows rows(int count) {
        Rows rows = new Rows(new Long[count], new Long[count], new Long[count]);
        for (int i = 0; i < count; i++) {
            rows.ids[i] = BenchStore.accountId(random.nextInt(accounts));
            rows.keys[i] = random.nextInt(100) < DUPLICATE_PERCENT && serial > 0 ? serial - 1 : serial++;
            rows.bytes[i] = random.nextLong(MAX_BYTES);
        }
        return rows;
    }

    /** What is done again and again. */
    interface Act {
        Future<Void> act();
    }

    static void repeat(int at, long times, Act act) throws Exception {
        AtomicLong left = new AtomicLong(times);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < at; i++) {
            all.add(next(left, act));
        }
        BenchPools.await(Future.all(all));
    }

    private static Future<Void> next(AtomicLong left, Act act) {
        return left.getAndDecrement() <= 0
                ? Future.succeededFuture()
                : act.act().compose(done -> next(left, act));
    }
}
