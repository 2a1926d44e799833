package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventLog;
import dev.octroi.catalog.PlanStore;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.subscription.ProfileSource.Identity;
import dev.octroi.subscription.ProfileSource.Withdrawal;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a lost profile: the old one's code works no more and its SIM finds the account no more; a new one takes its place
 * on the same account, so that balance, rules, charges and history stay where they are. The old one's charging sessions are
 * granted nothing more, its subscriptions to policy counters end, and the network is told the policy in force for the new SIM.
 */
public final class Replacements {
    private final PlanStore plans;
    private final SubscriptionStore subscriptions;
    private final ProfileSource profiles;
    private final AccountStore accounts;
    private final LostSim lost;
    private final AccountLinkStore links = new AccountLinkStore();
    private final BlindIndex index;
    private final EventLog events;
    private final Ids ids;
    private final InstantSource clock;
    private final Runnable afterCommit;

    /**
     * @param lost what else ends with the SIM, or begins anew
     * @param afterCommit wakes those who wait for events
     */
    public Replacements(
            PlanStore plans,
            SubscriptionStore subscriptions,
            ProfileSource profiles,
            AccountStore accounts,
            LostSim lost,
            BlindIndex index,
            EventLog events,
            Ids ids,
            InstantSource clock,
            Runnable afterCommit) {
        this.plans = requireNonNull(plans, "plans is null");
        this.subscriptions = requireNonNull(subscriptions, "subscriptions is null");
        this.profiles = requireNonNull(profiles, "profiles is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.lost = requireNonNull(lost, "lost is null");
        this.index = requireNonNull(index, "index is null");
        this.events = requireNonNull(events, "events is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.afterCommit = requireNonNull(afterCommit, "afterCommit is null");
    }

    /** What a profile's successor is. */
    private record Successor(long profileId, Identity identity) {}

    /**
     * Replaces the profile of a subscription within a transaction of the worker role.
     *
     * @param subscription held by the transaction ({@link SubscriptionStore#hold})
     * @param by {@code reseller} or {@code admin}
     * @param reason at most 200 characters, without identifiers
     */
    public Future<Replacement> replace(
            SqlConnection connection, int tenantId, Subscription subscription, String by, String reason) {
        if (subscription.cancelledAt() != null) {
            return refused(Replacement.Reason.CANCELLED);
        }
        AccountKey key = new AccountKey(tenantId, subscription.accountId());
        // Whoever takes the member out has the account's commit before it waits for the subscription that is held here.
        return accounts.hasLeft(connection, key)
                .compose(left -> left
                        ? refused(Replacement.Reason.MEMBER_LEFT)
                        : replaceProfile(connection, tenantId, subscription, by, reason));
    }

    private Future<Replacement> replaceProfile(
            SqlConnection connection, int tenantId, Subscription subscription, String by, String reason) {
        return profileType(connection, tenantId, subscription).compose(type -> {
            if (type.isEmpty() && !profiles.isImmediate()) {
                return refused(Replacement.Reason.ELSEWHERE);
            }
            return profiles.withdraw(connection, tenantId, subscription.profileId(), by, reason)
                    .compose(old -> old.isEmpty()
                            ? refused(Replacement.Reason.ELSEWHERE)
                            : successor(connection, tenantId, subscription, type.orElse(null))
                                    .compose(next -> next.isEmpty()
                                            ? refused(Replacement.Reason.OUT_OF_STOCK)
                                            : move(connection, tenantId, subscription, old.get(), next.get(), reason)));
        });
    }

    private Future<Optional<String>> profileType(SqlConnection connection, int tenantId, Subscription subscription) {
        return plans.find(connection, tenantId, subscription.planId(), subscription.planVersion())
                .map(plan -> plan.map(found -> found.offer().profileType()));
    }

    private Future<Optional<Successor>> successor(
            SqlConnection connection, int tenantId, Subscription subscription, @Nullable String profileType) {
        if (profileType == null) {
            long profileId = ids.next(Ids.shardOf(subscription.id()));
            return profiles.order(connection, tenantId, profileId, subscription.planName())
                    .map(identity -> identity.map(known -> new Successor(profileId, known)));
        }
        return profiles.takeInstead(connection, tenantId, profileType)
                .compose(found -> found.isPresent()
                        ? Future.succeededFuture(found)
                        : ofCurrentType(connection, tenantId, subscription, profileType))
                .map(found -> found.map(stocked -> new Successor(stocked.profileId(), stocked.identity())));
    }

    /** Where the type that was sold has none left, one of the type that the plan sells by now. */
    private Future<Optional<StockTaking.Stocked>> ofCurrentType(
            SqlConnection connection, int tenantId, Subscription subscription, String sold) {
        return plans.find(connection, tenantId, subscription.planId()).compose(plan -> {
            String current = plan.map(found -> found.offer().profileType()).orElse(null);
            return current == null || current.equals(sold)
                    ? Future.succeededFuture(Optional.empty())
                    : profiles.takeInstead(connection, tenantId, current);
        });
    }

    private Future<Replacement> move(
            SqlConnection connection,
            int tenantId,
            Subscription subscription,
            Withdrawal old,
            Successor next,
            String reason) {
        AccountKey key = new AccountKey(tenantId, subscription.accountId());
        Instant now = clock.instant();
        return accounts.barSessions(connection, key, now)
                .compose(done -> lost.end(connection, tenantId, subscription, now))
                .compose(done -> links.unlink(connection, key, imsi(old.identity()), iccid(old.identity())))
                .compose(done -> links.link(connection, key, imsi(next.identity()), iccid(next.identity())))
                .compose(
                        done -> subscriptions.replaceProfile(connection, tenantId, subscription.id(), next.profileId()))
                .compose(done -> events.append(connection, List.of(replaced(tenantId, subscription, next, reason))))
                .map(done -> new Replacement.Replaced(subscription.withProfile(next.profileId()), () -> {
                    old.committed().run();
                    afterCommit.run();
                }));
    }

    private Event replaced(int tenantId, Subscription subscription, Successor next, String reason) {
        JsonObject data = new JsonObject()
                .put("subscription", PublicId.SUBSCRIPTION.format(subscription.id()))
                .put("oldProfile", PublicId.PROFILE.format(subscription.profileId()))
                .put("newProfile", PublicId.PROFILE.format(next.profileId()))
                .put("reason", reason);
        return new Event(
                tenantId,
                ids.next(Ids.shardOf(subscription.id())),
                "profile.replaced",
                subscription.id(),
                data,
                clock.instant());
    }

    private byte[] imsi(Identity identity) {
        return index.network(IdentifierKind.IMSI, identity.imsi().reveal());
    }

    private byte[] iccid(Identity identity) {
        return index.network(IdentifierKind.ICCID, identity.iccid().reveal());
    }

    private static Future<Replacement> refused(Replacement.Reason reason) {
        return Future.succeededFuture(new Replacement.Refused(reason));
    }
}
