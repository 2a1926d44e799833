package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.Event;
import dev.octroi.callback.EventLog;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.quota.AccountCommand.StartPeriod;
import dev.octroi.quota.AccountCommand.StartPeriod.Cause;
import dev.octroi.quota.AccountKey;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.Actor;
import dev.octroi.rsp.order.ProfileChange;
import dev.octroi.rsp.order.ProfileListener;
import dev.octroi.rsp.order.ProfileStep;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the profiles of subscriptions: each step becomes an event in the transaction that records it, and the
 * installation begins the plans that begin with it.
 */
public final class ProfileSteps implements ProfileListener {
    private static final Logger log = LoggerFactory.getLogger(ProfileSteps.class);

    private final Database database;
    private final SubscriptionStore subscriptions;
    private final Accounts accounts;
    private final EventLog events;
    private final Ids ids;
    private final Runnable afterCommit;

    /** @param afterCommit wakes those who wait for events, such as the dispatcher of webhooks */
    public ProfileSteps(
            Database database,
            SubscriptionStore subscriptions,
            Accounts accounts,
            EventLog events,
            Ids ids,
            Runnable afterCommit) {
        this.database = requireNonNull(database, "database is null");
        this.subscriptions = requireNonNull(subscriptions, "subscriptions is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.events = requireNonNull(events, "events is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.afterCommit = requireNonNull(afterCommit, "afterCommit is null");
    }

    @Override
    public Future<Void> recorded(SqlConnection connection, ProfileChange change) {
        return subscriptions
                .findByProfile(connection, change.tenantId(), change.profileId())
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture()
                        : events.append(connection, List.of(event(change, found.get()))));
    }

    @Override
    public void committed(ProfileChange change) {
        afterCommit.run();
        if (beginsPlans(change)) {
            // Lost when the process dies just now; then the first use of the network begins the plan.
            begin(change).onFailure(failure -> log.warn("a plan did not begin with its installation", failure));
        }
    }

    private Future<Void> begin(ProfileChange change) {
        return database.inWorker(connection ->
                        subscriptions.findByProfile(connection, change.tenantId(), change.profileId()))
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture()
                        : accounts.submit(
                                        new AccountKey(
                                                change.tenantId(), found.get().accountId()),
                                        new StartPeriod(Cause.INSTALL, change.at(), Actor.system("profile-steps")))
                                .mapEmpty());
    }

    /** Beginning twice does nothing, so the first use of the profile makes up for a lost installation. */
    private static boolean beginsPlans(ProfileChange change) {
        return change.ok() && (change.step() == ProfileStep.INSTALLED || change.step() == ProfileStep.ENABLED);
    }

    private Event event(ProfileChange change, Subscription subscription) {
        JsonObject data = new JsonObject()
                .put("subscription", PublicId.SUBSCRIPTION.format(subscription.id()))
                .put("profile", PublicId.PROFILE.format(change.profileId()))
                .put("step", change.step().text())
                .put("ok", change.ok())
                .put("state", change.state().text());
        if (change.refusal() != null) {
            data.put("refusal", change.refusal().message());
        }
        return new Event(
                change.tenantId(),
                ids.next(Ids.shardOf(subscription.id())),
                type(change),
                subscription.id(),
                data,
                change.at());
    }

    private static String type(ProfileChange change) {
        if (!change.ok()) {
            return "profile.download_progress";
        }
        return switch (change.step()) {
            case INSTALLED -> "profile.installed";
            case ENABLED -> "profile.enabled";
            case DISABLED -> "profile.disabled";
            case DELETED -> "profile.deleted";
            case ORDERED, RELEASED, AUTHENTICATED, CONFIRMATION, DOWNLOADED, CANCELLED, RESET ->
                "profile.download_progress";
        };
    }
}
