package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventLog;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.smdp.ProfileOrderListener;
import dev.octroi.subscription.OrderEvents;
import dev.octroi.subscription.OrderStore;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/** Gives profiles from another SM-DP+ to the subscriptions that wait for them, and settles their orders. */
public final class OrderedProfiles implements ProfileOrderListener {
    private static final Actor ACTOR = Actor.system("orders");

    private final Database database;
    private final Accounts accounts;
    private final SubscriptionStore subscriptions = new SubscriptionStore();
    private final OrderStore orders = new OrderStore();
    private final AccountLinkStore links = new AccountLinkStore();
    private final EventLog events = new EventLog();
    private final BlindIndex index;
    private final Ids ids;
    private final InstantSource clock;
    private final Runnable nudge;

    /** @param nudge called after the commit, for those who wait for events */
    public OrderedProfiles(
            Database database, Accounts accounts, BlindIndex index, Ids ids, InstantSource clock, Runnable nudge) {
        this.database = requireNonNull(database, "database is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.index = requireNonNull(index, "index is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.nudge = requireNonNull(nudge, "nudge is null");
    }

    @Override
    public Future<Void> reserved(SqlConnection connection, int tenantId, long profileId, Iccid iccid) {
        return with(
                connection,
                tenantId,
                profileId,
                subscription -> links.link(
                        connection,
                        new AccountKey(tenantId, subscription.accountId()),
                        index.network(IdentifierKind.ICCID, iccid.digits())));
    }

    @Override
    public Future<Void> ready(SqlConnection connection, int tenantId, long profileId) {
        return with(
                connection,
                tenantId,
                profileId,
                subscription -> settle(
                        connection,
                        tenantId,
                        subscription,
                        OrderEvents.completed(
                                tenantId,
                                ids.next(Ids.shardOf(subscription.id())),
                                subscription.id(),
                                OrderEvents.Sold.of(subscription),
                                clock.instant())));
    }

    @Override
    public Future<Void> failed(SqlConnection connection, int tenantId, long profileId, GsmaStatus reason) {
        return with(
                connection,
                tenantId,
                profileId,
                subscription -> settle(
                        connection,
                        tenantId,
                        subscription,
                        OrderEvents.failed(
                                tenantId,
                                ids.next(Ids.shardOf(subscription.id())),
                                subscription.id(),
                                OrderEvents.Sold.of(subscription),
                                reason.subjectCode(),
                                reason.reasonCode(),
                                clock.instant())));
    }

    /**
     * A member that will never have a SIM holds no place and no volume of the others; whoever is none is refused, which is well. A busy
     * account is asked again.
     */
    @Override
    public Future<Boolean> lost(int tenantId, long profileId) {
        return subscriptions
                .findByProfile(database.workerPool(), tenantId, profileId)
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(true)
                        : accounts.submit(
                                        new AccountKey(tenantId, found.get().accountId()),
                                        new AccountCommand.LeaveShared("The order of the profile failed", ACTOR))
                                .map(outcome -> !(outcome instanceof Outcome.Refused refused
                                        && refused.code() == Refusal.BUSY)));
    }

    @Override
    public void committed() {
        nudge.run();
    }

    private Future<Void> settle(SqlConnection connection, int tenantId, Subscription subscription, Event event) {
        return orders.settle(connection, tenantId, subscription.orderId())
                .compose(done -> events.append(connection, List.of(event)));
    }

    private Future<Void> with(
            SqlConnection connection, int tenantId, long profileId, Function<Subscription, Future<Void>> work) {
        return subscriptions
                .findByProfile(connection, tenantId, profileId)
                .compose(found -> found.map(work).orElseGet(Future::succeededFuture));
    }
}
