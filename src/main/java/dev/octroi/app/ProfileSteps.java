package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventLog;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Actor;
import dev.octroi.rsp.order.ProfileChange;
import dev.octroi.rsp.order.ProfileListener;
import dev.octroi.rsp.order.ProfileStep;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows profiles on their way to the phone: tells resellers each step, and lets a plan begin when its profile is
 * installed.
 */
final class ProfileSteps implements ProfileListener {
    private static final Logger log = LoggerFactory.getLogger(ProfileSteps.class);
    private static final Actor ACTOR = Actor.system("profile-steps");

    private final SubscriptionStore subscriptions;
    private final Database database;
    private final Accounts accounts;
    private final EventLog events = new EventLog();
    private final Ids ids;
    private final Runnable nudge;

    ProfileSteps(SubscriptionStore subscriptions, Database database, Accounts accounts, Ids ids, Runnable nudge) {
        this.subscriptions = requireNonNull(subscriptions, "subscriptions is null");
        this.database = requireNonNull(database, "database is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.nudge = requireNonNull(nudge, "nudge is null");
    }

    @Override
    public Future<Void> recorded(SqlConnection connection, ProfileChange change) {
        return subscriptions
                .findByProfile(connection, change.tenantId(), change.profileId())
                .compose(found -> found.map(subscription -> tell(connection, change, subscription))
                        .orElseGet(Future::succeededFuture));
    }

    @Override
    public void committed(ProfileChange change) {
        nudge.run();
        if (change.ok() && change.step() == ProfileStep.INSTALLED) {
            begin(change);
        }
    }

    private Future<Void> tell(SqlConnection connection, ProfileChange change, Subscription subscription) {
        JsonObject data =
                ProfileStepJson.of(change).put("subscription", PublicId.SUBSCRIPTION.format(subscription.id()));
        Event event = new Event(
                change.tenantId(),
                ids.next(Ids.shardOf(subscription.id())),
                type(change),
                subscription.id(),
                data,
                change.at());
        return events.append(connection, List.of(event));
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
            case RESET -> "profile.reset";
            case ORDERED, CONFIRMED, REVOKED, RELEASED, AUTHENTICATED, CONFIRMATION, DOWNLOADED, CANCELLED ->
                "profile.download_progress";
        };
    }

    private void begin(ProfileChange change) {
        subscriptions
                .findByProfile(database.workerPool(), change.tenantId(), change.profileId())
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture()
                        : accounts.submit(
                                new AccountKey(change.tenantId(), found.get().accountId()),
                                new AccountCommand.StartPeriod(
                                        AccountCommand.StartPeriod.Cause.INSTALL, change.at(), ACTOR)))
                .onFailure(failure ->
                        log.warn("a plan did not begin with its installation; it begins with the first use", failure));
    }
}
