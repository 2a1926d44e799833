package dev.octroi.subscription;

import dev.octroi.catalog.Money;
import dev.octroi.catalog.Plan;
import dev.octroi.catalog.PlanStore;
import dev.octroi.catalog.Sharing;
import dev.octroi.quota.AccountStore;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Joining;
import dev.octroi.subscription.Placement.Reason;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.Optional;

/** Finds the subscription that an order shares with, and holds its account until the order is written. */
final class SharedOrders {
    private final PlanStore plans;
    private final SubscriptionStore subscriptions;
    private final AccountStore accounts;

    SharedOrders(PlanStore plans, SubscriptionStore subscriptions, AccountStore accounts) {
        this.plans = plans;
        this.subscriptions = subscriptions;
        this.accounts = accounts;
    }

    /** What became of looking for the owner. */
    sealed interface Outcome permits Found, None {}

    /** The owner's subscription and its plan as sold. */
    record Found(Subscription owner, Plan plan) implements Outcome {
        OrderWriter.Sale sale(int tenantId, OrderRequest request, Instant at) {
            Sharing sharing = plan.offer().terms().sharing();
            Money each = sharing == null || sharing.memberPrice() == null
                    ? Money.zero(plan.offer().price().currency())
                    : sharing.memberPrice();
            return new OrderWriter.Sale(tenantId, request, plan, each.times(request.quantity()), at, owner);
        }
    }

    /** Nobody to share with. */
    record None(Reason reason) implements Outcome {}

    Future<Outcome> owner(SqlConnection connection, int tenantId, OrderRequest request) {
        Long id = request.sharedWith();
        if (request.quoteId() != null) {
            return none(Reason.QUOTE_MISMATCH);
        }
        return subscriptions
                .findUncancellable(connection, tenantId, id == null ? -1 : id)
                .compose(found -> {
                    if (found.isEmpty()) {
                        return none(Reason.UNKNOWN_SHARED);
                    }
                    Subscription owner = found.get();
                    if (owner.cancelledAt() != null) {
                        return none(Reason.PLAN_OVER);
                    }
                    if (owner.planId() != request.planId()) {
                        return none(Reason.PLAN_MISMATCH);
                    }
                    return accounts.mayJoin(connection, new AccountKey(tenantId, owner.accountId()), request.quantity())
                            .compose(refusal -> refusal.isPresent()
                                    ? none(reason(refusal.get()))
                                    : plans.find(connection, tenantId, owner.planId(), owner.planVersion())
                                            .map(plan -> found(owner, plan)));
                });
    }

    private static Outcome found(Subscription owner, Optional<Plan> plan) {
        return plan.isEmpty() ? new None(Reason.UNKNOWN_PLAN) : new Found(owner, plan.get());
    }

    private static Reason reason(Joining refusal) {
        return switch (refusal) {
            case UNKNOWN -> Reason.UNKNOWN_SHARED;
            case NOT_SHARED -> Reason.NOT_SHARED;
            case NOT_THE_OWNER -> Reason.NOT_THE_OWNER;
            case FULL -> Reason.SHARED_FULL;
            case ENDED -> Reason.PLAN_OVER;
        };
    }

    private static Future<Outcome> none(Reason reason) {
        return Future.succeededFuture(new None(reason));
    }
}
