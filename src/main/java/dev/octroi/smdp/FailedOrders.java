package dev.octroi.smdp;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import io.vertx.core.Future;
import java.time.InstantSource;
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
        Future<Void> left = order.toLeave() ? leave(order) : Future.succeededFuture();
        Future<Void> returned = order.giveBack() ? returns.attempt(order) : Future.succeededFuture();
        return Future.join(left, returned).mapEmpty();
    }

    private Future<Void> leave(ProfileOrder order) {
        return listener.lost(order.tenantId(), order.profileId())
                .compose(isDone ->
                        isDone ? database.inWorker(connection -> store.left(connection, order)) : later(order, "busy"))
                .recover(failure -> later(order, failure.getClass().getSimpleName()));
    }

    private Future<Void> later(ProfileOrder order, String why) {
        if (!order.mayTryAgain()) {
            log.error("a subscription whose order failed could not leave the volume that it shares for days: {}", why);
            return database.inWorker(connection -> store.left(connection, order));
        }
        log.warn("a subscription whose order failed leaves the volume that it shares later: {}", why);
        return database.inWorker(connection ->
                store.later(connection, order, clock.instant().plusMillis((long) (order.pauseMs() * pauseScale))));
    }
}
