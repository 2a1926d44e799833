package dev.octroi.callback.outbox;

import dev.octroi.db.Database;
import dev.octroi.db.Pieces;
import dev.octroi.db.Purges;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;

/** Counts what waits in the outbox, and removes what was settled long ago. */
final class OutboxUpkeep {
    private static final long BACKLOG_MS = 5_000;
    private static final long PRUNE_MS = 60_000;

    // Up to 1,600 rows a second in each table, more than a gateway delivers.
    private static final int PRUNED_AT_ONCE = 5_000;
    private static final int PRUNED_PIECES = 20;

    private final Database database;
    private final InstantSource clock;
    private final DispatchMetrics metrics;
    private final BacklogStore backlog = new BacklogStore();
    private final Purges purges;

    OutboxUpkeep(Database database, InstantSource clock, DispatchMetrics metrics) {
        this.database = database;
        this.clock = clock;
        this.metrics = metrics;
        // A clock that is ahead is held against the database's by each statement.
        this.purges = new Purges(() -> true)
                .add("attempts to deliver", () -> prune(BacklogStore.Kept.ATTEMPTS))
                .add("finished rows of the outbox", () -> prune(BacklogStore.Kept.FINISHED))
                .add("events", () -> prune(BacklogStore.Kept.EVENTS));
    }

    /** Begins; gives its timers. */
    List<Long> start(Vertx vertx) {
        return List.of(
                vertx.setPeriodic(BACKLOG_MS, tick -> measure()), vertx.setPeriodic(PRUNE_MS, tick -> purges.run()));
    }

    private void measure() {
        backlog.count(database.workerPool()).onSuccess(metrics::backlog);
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
