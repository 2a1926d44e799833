package dev.octroi.smdp;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.order.ExternalProfiles;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the profiles of failed orders back to the SM-DP+ that reserved them. That an order failed is written before, so that
 * no crash in between makes it one that is good; and it is sent for days, since what is not given back is paid for.
 */
final class ProfileReturns {
    private static final Logger log = LoggerFactory.getLogger(ProfileReturns.class);

    private final Database database;
    private final SmDpPlus smdp;
    private final ExternalProfiles profiles;

    ProfileReturns(Database database, SmDpPlus smdp, ExternalProfiles profiles) {
        this.database = requireNonNull(database, "database is null");
        this.smdp = requireNonNull(smdp, "smdp is null");
        this.profiles = requireNonNull(profiles, "profiles is null");
    }

    /**
     * One attempt. A number that the server has given again belongs to another order, which must not be taken back.
     *
     * @return whether nothing is left to do; false, or a failure: to be tried again later
     */
    Future<Boolean> attempt(ProfileOrder order) {
        return database.inWorker(connection -> profiles.numberOf(connection, order.tenantId(), order.profileId()))
                .compose(number -> number.isPresent() ? cancel(order, number.get()) : Future.succeededFuture(true));
    }

    private Future<Boolean> cancel(ProfileOrder order, Iccid iccid) {
        return smdp.cancelOrder(order.call("cancel"), iccid, null, null, true).map(outcome -> switch (outcome) {
            case Outcome.Done<Iccid> done -> true;
            case Outcome.Failed<Iccid> failed -> isOver(failed.status());
        });
    }

    /** Whether the server takes it back is its affair; only what it could not do at the moment is asked for again. */
    private static boolean isOver(GsmaStatus refusal) {
        log.warn("the SM-DP+ does not take a profile back: {}", refusal);
        return !ProfileOrder.isPassing(refusal);
    }
}
