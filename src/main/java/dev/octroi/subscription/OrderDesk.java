package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.event.EventLog;
import dev.octroi.catalog.Money;
import dev.octroi.catalog.Plan;
import dev.octroi.catalog.PlanStore;
import dev.octroi.catalog.PlanWithdrawalStore;
import dev.octroi.catalog.Quote;
import dev.octroi.catalog.QuoteStore;
import dev.octroi.db.Ids;
import dev.octroi.quota.AccountStore;
import dev.octroi.secret.BlindIndex;
import dev.octroi.subscription.Placement.Reason;
import dev.octroi.subscription.Placement.Refused;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes orders, or says why not. Order, subscriptions, profiles, accounts and events are written on the caller's connection, so that they
 * are there together or not at all.
 */
public final class OrderDesk {
    private final PlanStore plans;
    private final PlanWithdrawalStore withdrawals = new PlanWithdrawalStore();
    private final QuoteStore quotes;
    private final ProfileSource profiles;
    private final OrderWriter writer;
    private final SharedOrders sharing;
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
        this.profiles = requireNonNull(profiles, "profiles is null");
        this.writer = new OrderWriter(orders, subscriptions, profiles, accounts, index, events, ids);
        this.sharing = new SharedOrders(plans, subscriptions, accounts);
        this.clock = requireNonNull(clock, "clock is null");
        this.afterCommit = requireNonNull(afterCommit, "afterCommit is null");
    }

    /** Takes an order within the tenant's transaction; a refusal has written nothing. */
    public Future<Placement> place(SqlConnection connection, int tenantId, OrderRequest request) {
        if (request.sharedWith() != null) {
            return sharing.owner(connection, tenantId, request).compose(found -> switch (found) {
                case SharedOrders.Found owner -> place(connection, owner.sale(tenantId, request, clock.instant()));
                case SharedOrders.None none -> refused(none.reason());
            });
        }
        Long quoteId = request.quoteId();
        if (quoteId == null) {
            return plans.find(connection, tenantId, request.planId())
                    .compose(found -> withdrawals
                            .since(connection, tenantId, request.planId())
                            .compose(since -> since.isPresent()
                                    ? refused(Reason.PLAN_WITHDRAWN)
                                    : place(
                                            connection,
                                            tenantId,
                                            request,
                                            found,
                                            found.map(plan -> price(plan, request))
                                                    .orElse(null))));
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
        return place(connection, new OrderWriter.Sale(tenantId, request, plan, total, now, null));
    }

    private Future<Placement> place(SqlConnection connection, OrderWriter.Sale sale) {
        String profileType = sale.plan().offer().profileType();
        if (profileType == null) {
            return writer.ordered(connection, sale);
        }
        return profiles.take(
                        connection, sale.tenantId(), profileType, sale.request().quantity())
                .compose(taking -> switch (taking) {
                    case StockTaking.Taken taken -> writer.stocked(connection, sale, taken.profiles());
                    case StockTaking.UsedUp none -> refused(Reason.OUT_OF_STOCK);
                    case StockTaking.NotSold none -> refused(Reason.PROFILE_TYPE_RETIRED);
                });
    }

    private static boolean isOver(Plan plan, OrderRequest request, Instant now) {
        return plan.offer().terms().isOver(request.zone(), now);
    }

    private static Future<Placement> refused(Reason reason) {
        return Future.succeededFuture(new Refused(reason));
    }
}
