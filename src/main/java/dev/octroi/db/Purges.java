package dev.octroi.db;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is forgotten once it was kept long enough, one kind after the other. Each apart: a kind that fails, or that takes
 * longer than a statement may, keeps no other from being forgotten.
 */
public final class Purges {
    private static final Logger log = LoggerFactory.getLogger(Purges.class);

    private final BooleanSupplier clockHolds;
    private final Map<String, Supplier<Future<Integer>>> all = new LinkedHashMap<>();
    private final AtomicBoolean running = new AtomicBoolean();

    /**
     * @param clockHolds whether the time may be believed; nothing is forgotten while it may not
     */
    public Purges(BooleanSupplier clockHolds) {
        this.clockHolds = clockHolds;
    }

    /** Adds a kind; before the first round. */
    public Purges add(String what, Supplier<Future<Integer>> purge) {
        all.put(what, purge);
        return this;
    }

    /** One round; nothing while another one runs. How many rows were removed; never fails. */
    public Future<Integer> run() {
        if (!clockHolds.getAsBoolean() || !running.compareAndSet(false, true)) {
            return Future.succeededFuture(0);
        }
        Future<Integer> round = Future.succeededFuture(0);
        for (Map.Entry<String, Supplier<Future<Integer>>> each : all.entrySet()) {
            round = round.compose(before -> one(each.getKey(), each.getValue()).map(rows -> before + rows));
        }
        return round.onComplete(done -> running.set(false));
    }

    private static Future<Integer> one(String what, Supplier<Future<Integer>> purge) {
        return Future.succeededFuture().compose(begun -> purge.get()).recover(failure -> {
            log.warn("{} that were kept long enough were not removed", what, failure);
            return Future.succeededFuture(0);
        });
    }
}
