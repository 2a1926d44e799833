package dev.octroi.smdp;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.order.ExternalProfiles;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import io.vertx.core.Future;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the profiles of failed orders back to the SM-DP+ that reserved them. That an order failed is written before, so that
 * no crash in between makes it one that is good; and it is sent for days, since what is not given back is paid for.
 */
final class ProfileReturns {
    private static final Logger log = LoggerFactory.getLogger(ProfileReturns.class);

    private final Database database;
    private final ProfileOrderStore store;
    private final SmDpPlus smdp;
    private final ExternalProfiles profiles;
    private final InstantSource clock;
    private final double pauseScale;

    ProfileReturns(
            Database database,
            ProfileOrderStore store,
            SmDpPlus smdp,
            ExternalProfiles profiles,
            InstantSource clock,
            double pauseScale) {
        this.database = requireNonNull(database, "database is null");
        this.store = requireNonNull(store, "store is null");
        this.smdp = requireNonNull(smdp, "smdp is null");
        this.profiles = requireNonNull(profiles, "profiles is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.pauseScale = pauseScale;
    }

    /** One attempt. A number that the server has given again belongs to another order, which must not be taken back. */
    Future<Void> attempt(ProfileOrder order) {
        return database.inWorker(connection -> profiles.numberOf(connection, order.tenantId(), order.profileId()))
                .compose(number -> number.isPresent() ? cancel(order, number.get()) : over(order))
                .recover(failure -> later(order, failure.getClass().getSimpleName()));
    }

    private Future<Void> cancel(ProfileOrder order, Iccid iccid) {
        return smdp.cancelOrder(order.call("cancel"), iccid, null, null, true).compose(outcome -> switch (outcome) {
            case Outcome.Done<Iccid> done -> over(order);
            case Outcome.Failed<Iccid> failed -> refused(order, failed.status());
        });
    }

    /** Whether the server takes it back is its affair; only what it could not do at the moment is asked for again. */
    private Future<Void> refused(ProfileOrder order, GsmaStatus refusal) {
        if (ProfileOrder.isPassing(refusal)) {
            return later(order, refusal.toString());
        }
        log.warn("the SM-DP+ does not take a profile back: {}", refusal);
        return over(order);
    }

    private Future<Void> later(ProfileOrder order, String why) {
        if (!order.mayTryAgain()) {
            log.error("a profile of a failed order could not be given back to the SM-DP+ for days: {}", why);
            return over(order);
        }
        log.warn("a profile is given back to the SM-DP+ later: {}", why);
        return database.inWorker(connection ->
                store.later(connection, order, clock.instant().plusMillis((long) (order.pauseMs() * pauseScale))));
    }

    private Future<Void> over(ProfileOrder order) {
        return database.inWorker(connection -> store.returned(connection, order));
    }
}
