package dev.octroi.api.reseller;

import dev.octroi.catalog.Money;
import dev.octroi.catalog.Plan;
import dev.octroi.catalog.PlanStore;
import dev.octroi.db.Ids;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Grant;
import dev.octroi.quota.account.Outcome;
import dev.octroi.subscription.AppliedTopUp;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionProfile;
import dev.octroi.subscription.TopUp;
import dev.octroi.subscription.TopUpStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.SqlConnection;
import java.time.InstantSource;
import java.util.Optional;

/**
 * {@code POST /subscriptions/{subscriptionId}/top-ups}. The account commits by itself and knows the top-up by the
 * request's reference: a request that broke off in between and is sent again finds it there and adds nothing.
 */
final class CreateTopUpHandler implements OperationHandler {
    private static final String REASON = "Volume added";

    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final PlanStore plans;
    private final TopUpStore topUps;
    private final TopUpReferences references;
    private final Accounts accounts;
    private final Ids ids;
    private final InstantSource clock;

    CreateTopUpHandler(
            TenantCalls calls,
            SubscriptionReader reader,
            PlanStore plans,
            TopUpStore topUps,
            Accounts accounts,
            Ids ids,
            InstantSource clock) {
        this.calls = calls;
        this.reader = reader;
        this.plans = plans;
        this.topUps = topUps;
        this.references = new TopUpReferences(topUps);
        this.accounts = accounts;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        String key = TenantCalls.key(call, calls.caller(call)).reference();
        return calls.once(
                call,
                (connection, caller) -> reader.find(call, connection)
                        .map(Refusals::sold)
                        .compose(subscription -> withProfile(connection, caller, subscription))
                        .compose(subscription -> plans.find(
                                        connection,
                                        caller.tenantId(),
                                        subscription.planId(),
                                        subscription.planVersion())
                                .map(plan -> topUp(call, subscription, plan))
                                .compose(topUp -> references
                                        .of(connection, account(caller, subscription), call.path("subscriptionId"), key)
                                        .compose(reference ->
                                                add(call, connection, caller, subscription, topUp, reference)))));
    }

    private Future<Reply> add(
            ApiCall call,
            SqlConnection connection,
            Caller caller,
            Subscription subscription,
            TopUp topUp,
            String reference) {
        return submit(caller, subscription, grant(call, topUp, reference))
                .compose(account -> topUps.insert(connection, caller.tenantId(), topUp, reference, account.readAt())
                        .map(inserted -> reply(topUp, reference, account, inserted)));
    }

    private static AccountKey account(Caller caller, Subscription subscription) {
        return new AccountKey(caller.tenantId(), subscription.accountId());
    }

    /** Nothing is sold to who will never have a SIM. */
    private Future<Subscription> withProfile(SqlConnection connection, Caller caller, Subscription subscription) {
        return reader.profile(connection, caller, subscription).map(profile -> {
            if (profile.state().equals(SubscriptionProfile.FAILED)) {
                throw Refusals.conflict("order_failed", "The SM-DP+ refused the order of the profile");
            }
            return subscription;
        });
    }

    private TopUp topUp(ApiCall call, Subscription subscription, Optional<Plan> plan) {
        long bytes = call.body().getLong("bytes");
        return new TopUp(
                ids.next(Ids.shardOf(subscription.id())),
                subscription.id(),
                bytes,
                plan.map(found -> found.offer().topUpPricePerGigabyte())
                        .map(price -> price.perGigabyte(bytes))
                        .orElse(null),
                call.body().getString("externalReference"),
                clock.instant());
    }

    private static Grant grant(ApiCall call, TopUp topUp, String reference) {
        return new Grant(
                topUp.bytes(),
                call.body().getInteger("extendDays", 0),
                call.body().getInteger("validDays", 0),
                reference,
                REASON,
                call.body().getJsonArray("zones", new JsonArray()).stream()
                        .map(String::valueOf)
                        .distinct()
                        .toList(),
                sale(topUp));
    }

    private static Grant.Sale sale(TopUp topUp) {
        Money price = topUp.price();
        return new Grant.Sale(
                topUp.externalReference(),
                price == null ? null : price.text(),
                price == null ? null : price.currency());
    }

    private Future<AccountView> submit(Caller caller, Subscription subscription, Grant grant) {
        return accounts.submit(account(caller, subscription), new AccountCommand.TopUp(grant, caller.actor()))
                .map(outcome -> {
                    if (outcome instanceof Outcome.Duplicate && !isAsGiven(Refusals.account(outcome), grant)) {
                        throw Problem.of(ProblemType.IDEMPOTENCY_KEY_REUSED).toException();
                    }
                    return Refusals.account(outcome);
                });
    }

    /** A key whose answer was not kept says nothing of its payload; what the account was given under it does. */
    private static boolean isAsGiven(AccountView account, Grant grant) {
        return account.buckets().stream()
                .filter(bucket -> bucket.kind() == Bucket.Kind.TOP_UP
                        && bucket.reference().equals(grant.reference()))
                // Of one that has expired the size is not known any more.
                .allMatch(bucket -> (bucket.quotaBytes() == 0 || bucket.quotaBytes() == grant.bytes())
                        && bucket.extendDays() == grant.extendDays());
    }

    private static Reply reply(TopUp topUp, String reference, AccountView account, boolean inserted) {
        if (!inserted) {
            // The answer of the first request has expired, but its top-up counts and must not be told as a new one.
            throw Problem.of(ProblemType.IDEMPOTENCY_KEY_REUSED).toException();
        }
        return Reply.json(
                201,
                TopUpJson.write(new AppliedTopUp(topUp, reference, account.readAt()))
                        .put("remainingBytes", account.remainingBytes())
                        .put("period", AccountJson.period(account.period()))
                        .put("policy", AccountJson.policy(account.policy())));
    }
}
