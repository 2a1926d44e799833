package dev.octroi.callback.reconcile;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
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
    private final Ids ids;
    private final InstantSource clock;
    private final PartnerChangeStore store = new PartnerChangeStore();

    PartnerChanges(Database database, Ids ids, InstantSource clock) {
        this.database = requireNonNull(database, "database is null");
        this.ids = requireNonNull(ids, "ids is null");
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
                                : step(connection, pending.get()).map(true)))
                .compose(more -> more && left > 1 ? steps(left - 1) : Future.succeededFuture());
    }

    /** In the order in which attempts and events are put down, so that none of them waits crosswise. */
    private Future<Void> step(SqlConnection connection, PartnerChangeStore.Pending pending) {
        Instant now = clock.instant();
        return store.underWay(connection, pending, LOOKED_AT_ONCE)
                .compose(rows -> store.again(
                        connection,
                        rows,
                        rows.stream().map(row -> ids.next(row.vshard())).toList(),
                        now))
                .compose(done -> store.hasten(connection, pending, now, LOOKED_AT_ONCE))
                .compose(done -> store.forgetRequests(connection, pending, LOOKED_AT_ONCE))
                .compose(done -> store.step(connection, pending, now, LOOKED_AT_ONCE));
    }
}
