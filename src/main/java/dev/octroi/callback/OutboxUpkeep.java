package dev.octroi.callback;

import dev.octroi.db.Database;
import dev.octroi.db.Pieces;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what waits in the outbox, and removes what was settled long ago. */
final class OutboxUpkeep {
    private static final Logger log = LoggerFactory.getLogger(OutboxUpkeep.class);
    private static final long BACKLOG_MS = 5_000;
    private static final long PRUNE_MS = 60_000;

    // Up to 1,600 rows a second in each table, more than a gateway delivers.
    private static final int PRUNED_AT_ONCE = 5_000;
    private static final int PRUNED_PIECES = 20;

    private final Database database;
    private final InstantSource clock;
    private final DispatchMetrics metrics;
    private final BacklogStore backlog = new BacklogStore();
    private final AtomicBoolean pruning = new AtomicBoolean();

    OutboxUpkeep(Database database, InstantSource clock, DispatchMetrics metrics) {
        this.database = database;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Begins; gives its timers. */
    List<Long> start(Vertx vertx) {
        return List.of(
                vertx.setPeriodic(BACKLOG_MS, tick -> measure()), vertx.setPeriodic(PRUNE_MS, tick -> pruneAll()));
    }

    private void measure() {
        backlog.count(database.workerPool()).onSuccess(metrics::backlog);
    }

    /** Looks at each table apart: one that is slow must not keep the others from being pruned. */
    private void pruneAll() {
        if (!pruning.compareAndSet(false, true)) {
            return;
        }
        Future<Void> all = Future.succeededFuture();
        for (BacklogStore.Kept kept : BacklogStore.Kept.values()) {
            all = all.compose(before -> prune(kept).<Void>mapEmpty().recover(failure -> {
                log.warn("old {} cannot be removed: {}", kept, failure.getMessage());
                return Future.succeededFuture();
            }));
        }
        all.onComplete(done -> pruning.set(false));
    }

    /** Removes what is old in one table; how many rows those were. */
    Future<Integer> prune(BacklogStore.Kept kept) {
        return Pieces.remove(
                database,
                connection -> backlog.prune(connection, kept, clock.instant(), PRUNED_AT_ONCE),
                PRUNED_AT_ONCE,
                PRUNED_PIECES);
    }
}
