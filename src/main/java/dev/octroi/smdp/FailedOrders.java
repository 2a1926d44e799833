package dev.octroi.smdp;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to do once an order has failed: whoever waited for the profile lets go of what others could use, and a number that was
 * reserved is given back. Neither waits for the other, and each is tried for days.
 */
final class FailedOrders {
    private static final Logger log = LoggerFactory.getLogger(FailedOrders.class);

    private final Database database;
    private final ProfileOrderStore store;
    private final ProfileReturns returns;
    private final ProfileOrderListener listener;
    private final InstantSource clock;
    private final double pauseScale;

    FailedOrders(
            Database database,
            ProfileOrderStore store,
            ProfileReturns returns,
            ProfileOrderListener listener,
            InstantSource clock,
            double pauseScale) {
        this.database = requireNonNull(database, "database is null");
        this.store = requireNonNull(store, "store is null");
        this.returns = requireNonNull(returns, "returns is null");
        this.listener = requireNonNull(listener, "listener is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.pauseScale = pauseScale;
    }

    /** One attempt at what is left. */
    Future<Void> attempt(ProfileOrder order) {
        Future<Void> left = order.toLeave()
                ? tried(
                        order,
                        "to have its subscription leave the volume that it shares",
                        listener.lost(order.tenantId(), order.profileId()),
                        store::left)
                : Future.succeededFuture();
        Future<Void> returned = order.giveBack()
                ? tried(order, "to give its profile back to the SM-DP+", returns.attempt(order), store::returned)
                : Future.succeededFuture();
        return Future.join(left, returned).mapEmpty();
    }

    /**
     * Puts down how an attempt went.
     *
     * @param what was to be done, for the log
     * @param done whether it is; false, or a failure: to be tried again later
     * @param over writes that nothing is left of it
     */
    private Future<Void> tried(
            ProfileOrder order,
            String what,
            Future<Boolean> done,
            BiFunction<SqlConnection, ProfileOrder, Future<Void>> over) {
        return done.compose(isDone -> isDone
                        ? database.inWorker(connection -> over.apply(connection, order))
                        : later(order, what, "not now", over))
                .recover(failure -> later(order, what, failure.getClass().getSimpleName(), over));
    }

    private Future<Void> later(
            ProfileOrder order, String what, String why, BiFunction<SqlConnection, ProfileOrder, Future<Void>> over) {
        if (!order.mayTryAgain()) {
            log.error("a failed order was tried for days {}, and is not any more: {}", what, why);
            return database.inWorker(connection -> over.apply(connection, order));
        }
        log.warn("a failed order is tried again later {}: {}", what, why);
        return database.inWorker(
                connection -> store.later(connection, order, order.nextAt(clock.instant(), pauseScale)));
    }
}
