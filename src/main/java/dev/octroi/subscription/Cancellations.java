package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventLog;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.subscription.ProfileSource.Withdrawal;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Takes a sale back as long as no card has its profile: the activation code works no more, and the subscription is marked, so that
 * nothing is added to it any more. Whether a card has it is looked at under the lock that downloads wait for: of a cancellation
 * and an installation at the same time one comes first, and the other finds it.
 */
public final class Cancellations {
    private final SubscriptionStore subscriptions;
    private final ProfileSource profiles;
    private final EventLog events;
    private final Ids ids;
    private final InstantSource clock;

    public Cancellations(
            SubscriptionStore subscriptions, ProfileSource profiles, EventLog events, Ids ids, InstantSource clock) {
        this.subscriptions = requireNonNull(subscriptions, "subscriptions is null");
        this.profiles = requireNonNull(profiles, "profiles is null");
        this.events = requireNonNull(events, "events is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * Cancels a subscription within a transaction of the worker role.
     *
     * @param subscription held by the transaction ({@link SubscriptionStore#hold})
     * @param by {@code reseller}
     * @param reason at most 200 characters, without identifiers
     */
    public Future<Cancellation> cancel(
            SqlConnection connection, int tenantId, Subscription subscription, String by, String reason) {
        if (subscription.cancelledAt() != null) {
            return Future.succeededFuture(new Cancellation.Cancelled(subscription, false, () -> {}));
        }
        return profiles.withdraw(connection, tenantId, subscription.profileId(), by, reason)
                .compose(found -> {
                    if (found.isEmpty()) {
                        return refused(Cancellation.Reason.ELSEWHERE);
                    }
                    return found.get().wasOnCard()
                            ? refused(Cancellation.Reason.ON_A_CARD)
                            : mark(connection, tenantId, subscription, reason, found.get());
                });
    }

    private Future<Cancellation> mark(
            SqlConnection connection, int tenantId, Subscription subscription, String reason, Withdrawal withdrawal) {
        Instant now = clock.instant();
        JsonObject data = new JsonObject()
                .put("subscription", PublicId.SUBSCRIPTION.format(subscription.id()))
                .put("profile", PublicId.PROFILE.format(subscription.profileId()))
                .put("reason", reason);
        Event told = new Event(
                tenantId,
                ids.next(Ids.shardOf(subscription.id())),
                "subscription.cancelled",
                subscription.id(),
                data,
                now);
        return subscriptions
                .cancel(connection, tenantId, subscription.id(), now)
                .compose(done -> events.append(connection, List.of(told)))
                .map(done -> new Cancellation.Cancelled(subscription.cancelled(now), true, withdrawal.committed()));
    }

    private static Future<Cancellation> refused(Cancellation.Reason reason) {
        return Future.succeededFuture(new Cancellation.Refused(reason));
    }
}
