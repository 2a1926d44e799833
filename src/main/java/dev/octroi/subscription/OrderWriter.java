package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventLog;
import dev.octroi.catalog.Money;
import dev.octroi.catalog.Plan;
import dev.octroi.db.Ids;
import dev.octroi.quota.AccountLinkStore;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.subscription.Placement.Placed;
import dev.octroi.subscription.ProfileSource.Identity;
import dev.octroi.subscription.StockTaking.Stocked;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes an order that was accepted: subscriptions, their profiles and accounts, and its events. */
final class OrderWriter {
    private final OrderStore orders;
    private final SubscriptionStore subscriptions;
    private final ProfileSource profiles;
    private final AccountStore accounts;
    private final AccountLinkStore links = new AccountLinkStore();
    private final BlindIndex index;
    private final EventLog events;
    private final Ids ids;

    OrderWriter(
            OrderStore orders,
            SubscriptionStore subscriptions,
            ProfileSource profiles,
            AccountStore accounts,
            BlindIndex index,
            EventLog events,
            Ids ids) {
        this.orders = requireNonNull(orders, "orders is null");
        this.subscriptions = requireNonNull(subscriptions, "subscriptions is null");
        this.profiles = requireNonNull(profiles, "profiles is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.index = requireNonNull(index, "index is null");
        this.events = requireNonNull(events, "events is null");
        this.ids = requireNonNull(ids, "ids is null");
    }

    /**
     * What was agreed.
     *
     * @param plan the version as sold
     * @param total the price of all
     * @param at when
     * @param owner whose volume they spend; null: each its own
     */
    record Sale(
            int tenantId,
            OrderRequest request,
            Plan plan,
            Money total,
            Instant at,
            @Nullable Subscription owner) {}

    /** A subscription, and what its profile is called where that is known already. */
    private record Line(Subscription subscription, Optional<Identity> identity) {}

    /** Writes an order whose profiles are made, or ordered elsewhere. */
    Future<Placement> ordered(SqlConnection connection, Sale sale) {
        long orderId = orderId(sale);
        short shard = Ids.shardOf(orderId);
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < sale.request().quantity(); i++) {
            lines.add(new Line(subscription(sale, orderId, ids.next(shard)), Optional.empty()));
        }
        return write(connection, sale, orderId, lines, profiles.isImmediate());
    }

    /** Writes an order around profiles that were taken from stock, one for each subscription. */
    Future<Placement> stocked(SqlConnection connection, Sale sale, List<Stocked> taken) {
        long orderId = orderId(sale);
        List<Line> lines = taken.stream()
                .map(profile ->
                        new Line(subscription(sale, orderId, profile.profileId()), Optional.of(profile.identity())))
                .toList();
        return write(connection, sale, orderId, lines, true);
    }

    /** Accounts that spend one volume are on one virtual shard. */
    private long orderId(Sale sale) {
        Subscription owner = sale.owner();
        return owner == null ? ids.next() : ids.next(Ids.shardOf(owner.id()));
    }

    private Future<Placement> write(
            SqlConnection connection, Sale sale, long orderId, List<Line> lines, boolean immediate) {
        Plan plan = sale.plan();
        List<Subscription> made = lines.stream().map(Line::subscription).toList();
        Order order = new Order(
                orderId,
                immediate ? Order.Status.COMPLETED : Order.Status.PENDING,
                plan.id(),
                plan.version(),
                plan.label().hash(),
                made.size(),
                sale.total(),
                sale.request().externalReference(),
                made.stream().map(each -> new Order.Part(each.id(), null)).toList(),
                sale.at());
        Future<Void> written = orders.insert(connection, sale.tenantId(), order)
                .compose(done -> subscriptions.insert(connection, sale.tenantId(), made));
        for (Line line : lines) {
            written = written.compose(done -> equip(connection, sale, line));
        }
        return written.compose(done -> immediate
                        ? events.append(connection, completed(sale.tenantId(), order))
                        : Future.succeededFuture())
                .map(new Placed(order));
    }

    private Subscription subscription(Sale sale, long orderId, long profileId) {
        short shard = Ids.shardOf(orderId);
        Plan plan = sale.plan();
        ZoneId zone = sale.request().zone();
        return new Subscription(
                ids.next(shard),
                orderId,
                plan.id(),
                plan.version(),
                plan.offer().name(),
                plan.label().hash(),
                profileId,
                ids.next(shard),
                zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId(),
                sale.request().language(),
                sale.at());
    }

    /** Account and profile of one subscription, and the link by which the network's records find the account. */
    private Future<Void> equip(SqlConnection connection, Sale sale, Line line) {
        Subscription subscription = line.subscription();
        AccountKey key = new AccountKey(sale.tenantId(), subscription.accountId());
        return open(connection, sale, subscription, key)
                .compose(done -> line.identity().isPresent()
                        ? Future.succeededFuture(line.identity())
                        : profiles.order(
                                connection,
                                sale.tenantId(),
                                subscription.profileId(),
                                sale.plan().offer().name()))
                .compose(identity ->
                        identity.isEmpty() ? Future.succeededFuture() : link(connection, key, identity.get()));
    }

    private Future<Void> open(SqlConnection connection, Sale sale, Subscription subscription, AccountKey key) {
        ZoneId zone = ZoneId.of(subscription.timeZone());
        Subscription owner = sale.owner();
        if (owner == null) {
            return accounts.open(
                    connection,
                    new NewAccount(
                            key, subscription.id(), sale.plan().offer().terms(), zone, subscription.createdAt()));
        }
        AccountKey volume = new AccountKey(sale.tenantId(), owner.accountId());
        return accounts.openMember(connection, volume, key, subscription.id(), zone, subscription.createdAt())
                .compose(refusal -> refusal.isEmpty()
                        ? Future.succeededFuture()
                        : Future.failedFuture(new IllegalStateException("a held account takes no member: " + refusal)));
    }

    private Future<Void> link(SqlConnection connection, AccountKey key, Identity identity) {
        return links.link(
                connection,
                key,
                index.network(IdentifierKind.IMSI, identity.imsi().reveal()),
                index.network(IdentifierKind.ICCID, identity.iccid().reveal()));
    }

    private List<Event> completed(int tenantId, Order order) {
        return order.subscriptions().stream()
                .map(Order.Part::id)
                .map(id -> OrderEvents.completed(
                        tenantId,
                        ids.next(Ids.shardOf(id)),
                        id,
                        new OrderEvents.Sold(order.id(), order.planId(), order.planVersion(), order.labelHash()),
                        order.createdAt()))
                .toList();
    }
}
