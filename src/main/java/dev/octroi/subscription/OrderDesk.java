package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.Event;
import dev.octroi.callback.EventLog;
import dev.octroi.catalog.Money;
import dev.octroi.catalog.Plan;
import dev.octroi.catalog.PlanStore;
import dev.octroi.catalog.Quote;
import dev.octroi.catalog.QuoteStore;
import dev.octroi.catalog.Validity;
import dev.octroi.db.Ids;
import dev.octroi.quota.AccountKey;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.NewAccount;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.subscription.Placement.Placed;
import dev.octroi.subscription.Placement.Reason;
import dev.octroi.subscription.Placement.Refused;
import dev.octroi.subscription.ProfileSource.Identity;
import dev.octroi.subscription.StockTaking.Stocked;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes orders. Order, subscriptions, profiles, accounts and events are written on the caller's connection, so that they
 * are there together or not at all.
 */
public final class OrderDesk {
    private final PlanStore plans;
    private final QuoteStore quotes;
    private final OrderStore orders;
    private final SubscriptionStore subscriptions;
    private final ProfileSource profiles;
    private final AccountStore accounts;
    private final BlindIndex index;
    private final EventLog events;
    private final Ids ids;
    private final InstantSource clock;
    private final Runnable afterCommit;

    /** @param afterCommit wakes those who wait for events, such as the dispatcher of webhooks */
    public OrderDesk(
            PlanStore plans,
            QuoteStore quotes,
            OrderStore orders,
            SubscriptionStore subscriptions,
            ProfileSource profiles,
            AccountStore accounts,
            BlindIndex index,
            EventLog events,
            Ids ids,
            InstantSource clock,
            Runnable afterCommit) {
        this.plans = requireNonNull(plans, "plans is null");
        this.quotes = requireNonNull(quotes, "quotes is null");
        this.orders = requireNonNull(orders, "orders is null");
        this.subscriptions = requireNonNull(subscriptions, "subscriptions is null");
        this.profiles = requireNonNull(profiles, "profiles is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
        this.index = requireNonNull(index, "index is null");
        this.events = requireNonNull(events, "events is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.afterCommit = requireNonNull(afterCommit, "afterCommit is null");
    }

    /** Takes an order within the tenant's transaction; a refusal has written nothing. */
    public Future<Placement> place(SqlConnection connection, int tenantId, OrderRequest request) {
        Long quoteId = request.quoteId();
        if (quoteId == null) {
            return plans.find(connection, tenantId, request.planId())
                    .compose(found -> place(
                            connection,
                            tenantId,
                            request,
                            found,
                            found.map(plan -> price(plan, request)).orElse(null)));
        }
        return quotes.find(connection, tenantId, quoteId).compose(found -> {
            Optional<Reason> refusal =
                    found.map(quote -> refusal(quote, request)).orElse(Optional.of(Reason.UNKNOWN_QUOTE));
            if (refusal.isPresent() || found.isEmpty()) {
                return refused(refusal.orElse(Reason.UNKNOWN_QUOTE));
            }
            Quote quote = found.get();
            return plans.find(connection, tenantId, quote.planId(), quote.planVersion())
                    .compose(plan -> place(connection, tenantId, request, plan, quote.total()));
        });
    }

    /** To be called after the commit of an order that was placed. */
    public void placed() {
        profiles.ordered();
        afterCommit.run();
    }

    private Optional<Reason> refusal(Quote quote, OrderRequest request) {
        if (!clock.instant().isBefore(quote.expiresAt())) {
            return Optional.of(Reason.QUOTE_EXPIRED);
        }
        boolean fits = quote.planId() == request.planId() && quote.quantity() == request.quantity();
        return fits ? Optional.empty() : Optional.of(Reason.QUOTE_MISMATCH);
    }

    private static Money price(Plan plan, OrderRequest request) {
        return plan.offer().price().times(request.quantity());
    }

    private Future<Placement> place(
            SqlConnection connection, int tenantId, OrderRequest request, Optional<Plan> found, @Nullable Money total) {
        if (found.isEmpty() || total == null) {
            return refused(Reason.UNKNOWN_PLAN);
        }
        Plan plan = found.get();
        Instant now = clock.instant();
        if (isOver(plan, request, now)) {
            return refused(Reason.PLAN_OVER);
        }
        String profileType = plan.offer().profileType();
        if (profileType == null) {
            return write(connection, tenantId, request, plan, total, List.of(), now);
        }
        return profiles.take(connection, tenantId, profileType, request.quantity())
                .compose(taking -> switch (taking) {
                    case StockTaking.Taken taken ->
                        write(connection, tenantId, request, plan, total, taken.profiles(), now);
                    case StockTaking.UsedUp none -> refused(Reason.OUT_OF_STOCK);
                    case StockTaking.NotSold none -> refused(Reason.PROFILE_TYPE_RETIRED);
                });
    }

    /** @param stocked a profile for each subscription, or none when they are to be ordered */
    private Future<Placement> write(
            SqlConnection connection,
            int tenantId,
            OrderRequest request,
            Plan plan,
            Money total,
            List<Stocked> stocked,
            Instant now) {
        boolean immediate = !stocked.isEmpty() || profiles.isImmediate();
        long orderId = ids.next();
        List<Subscription> made = new ArrayList<>();
        for (int i = 0; i < request.quantity(); i++) {
            long profileId = stocked.isEmpty()
                    ? ids.next(Ids.shardOf(orderId))
                    : stocked.get(i).profileId();
            made.add(subscription(request, plan, orderId, profileId, now));
        }
        Order order = new Order(
                orderId,
                immediate ? Order.Status.COMPLETED : Order.Status.PENDING,
                plan.id(),
                plan.version(),
                plan.label().hash(),
                request.quantity(),
                total,
                request.externalReference(),
                made.stream().map(Subscription::id).toList(),
                now);
        Future<Void> written = orders.insert(connection, tenantId, order)
                .compose(done -> subscriptions.insert(connection, tenantId, made));
        for (int i = 0; i < made.size(); i++) {
            Subscription each = made.get(i);
            Optional<Identity> known = stocked.isEmpty()
                    ? Optional.empty()
                    : Optional.of(stocked.get(i).identity());
            written = written.compose(done -> equip(connection, tenantId, each, plan, known));
        }
        return written.compose(done ->
                        immediate ? events.append(connection, completed(tenantId, order)) : Future.succeededFuture())
                .map(new Placed(order));
    }

    private static boolean isOver(Plan plan, OrderRequest request, Instant now) {
        Validity validity = plan.offer().terms().validity();
        ZoneId zone = plan.offer().terms().dayZone().of(zone(request));
        Instant start = validity.fixedStart(zone);
        return start != null && !now.isBefore(validity.endOf(start, zone));
    }

    private static ZoneId zone(OrderRequest request) {
        ZoneId zone = request.timeZone();
        return zone == null ? ZoneOffset.UTC : zone;
    }

    private Subscription subscription(OrderRequest request, Plan plan, long orderId, long profileId, Instant now) {
        short shard = Ids.shardOf(orderId);
        ZoneId zone = zone(request);
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
                request.language(),
                now);
    }

    /** Profile and account of one subscription, and the link by which the network's records find the account. */
    private Future<Void> equip(
            SqlConnection connection, int tenantId, Subscription subscription, Plan plan, Optional<Identity> known) {
        AccountKey key = new AccountKey(tenantId, subscription.accountId());
        NewAccount account = new NewAccount(
                key,
                subscription.id(),
                plan.offer().terms(),
                ZoneId.of(subscription.timeZone()),
                subscription.createdAt());
        return accounts.open(connection, account)
                .compose(done -> known.isPresent()
                        ? Future.succeededFuture(known)
                        : profiles.order(
                                connection,
                                tenantId,
                                subscription.profileId(),
                                plan.offer().name()))
                .compose(identity -> identity.isEmpty()
                        ? Future.succeededFuture()
                        : accounts.link(
                                connection,
                                key,
                                index.network(
                                        IdentifierKind.IMSI,
                                        identity.get().imsi().reveal()),
                                index.network(
                                        IdentifierKind.ICCID,
                                        identity.get().iccid().reveal())));
    }

    private List<Event> completed(int tenantId, Order order) {
        return order.subscriptionIds().stream()
                .map(id -> OrderEvents.completed(
                        tenantId,
                        ids.next(Ids.shardOf(id)),
                        id,
                        new OrderEvents.Sold(order.id(), order.planId(), order.planVersion(), order.labelHash()),
                        order.createdAt()))
                .toList();
    }

    private static Future<Placement> refused(Reason reason) {
        return Future.succeededFuture(new Refused(reason));
    }
}
