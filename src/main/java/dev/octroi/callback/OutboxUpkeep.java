package dev.octroi.callback;

import dev.octroi.db.Database;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what waits in the outbox, and removes what was settled long ago. */
final class OutboxUpkeep {
    private static final Logger log = LoggerFactory.getLogger(OutboxUpkeep.class);
    private static final long BACKLOG_MS = 5_000;
    private static final long PRUNE_MS = 600_000;

    private final Database database;
    private final InstantSource clock;
    private final DispatchMetrics metrics;
    private final BacklogStore backlog = new BacklogStore();

    OutboxUpkeep(Database database, InstantSource clock, DispatchMetrics metrics) {
        this.database = database;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Begins; gives its timers. */
    List<Long> start(Vertx vertx) {
        return List.of(vertx.setPeriodic(BACKLOG_MS, tick -> measure()), vertx.setPeriodic(PRUNE_MS, tick -> prune()));
    }

    private void measure() {
        backlog.count(database.workerPool()).onSuccess(metrics::backlog);
    }

    private void prune() {
        database.inWorker(connection -> backlog.prune(connection, clock.instant()))
                .onFailure(failure -> log.warn("old deliveries cannot be removed: {}", failure.getMessage()));
    }
}
