package dev.octroi.callback;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import io.vertx.core.Future;
import java.time.InstantSource;

/**
 * Has the policies in force told to a partner that is new, or is told in another way: what was confirmed before it says nothing of
 * it. It goes through all policies in steps of their own transactions, and goes on where it was after a restart; the reconciler
 * does the rest.
 */
final class PartnerChanges {
    private static final int LOOKED_AT_ONCE = 500;
    private static final int STEPS = 1_000;

    private final Database database;
    private final InstantSource clock;
    private final PartnerChangeStore store = new PartnerChangeStore();

    PartnerChanges(Database database, InstantSource clock) {
        this.database = requireNonNull(database, "database is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** Looks at the next policies, at most 500,000. */
    Future<Void> round() {
        return steps(STEPS);
    }

    private Future<Void> steps(int left) {
        return database.inWorker(connection -> store.take(connection)
                        .compose(pending -> pending.isEmpty()
                                ? Future.succeededFuture(false)
                                : store.step(connection, pending.get(), clock.instant(), LOOKED_AT_ONCE)
                                        .map(true)))
                .compose(more -> more && left > 1 ? steps(left - 1) : Future.succeededFuture());
    }
}
