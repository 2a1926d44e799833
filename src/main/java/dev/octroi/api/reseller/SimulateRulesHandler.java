package dev.octroi.api.reseller;

import dev.octroi.api.reseller.RuleSimulation.Played;
import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.policy.Rule;
import dev.octroi.quota.rehearsal.RuleRehearsals;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionStore;
import io.vertx.core.Future;
import java.util.List;

/** {@code POST /rules/simulate}: what rules would have done to one subscription, or to all, page by page. Changes nothing. */
final class SimulateRulesHandler implements OperationHandler {
    private final TenantCalls calls;
    private final SubscriptionStore subscriptions;
    private final RuleSimulation simulation;

    SimulateRulesHandler(TenantCalls calls, SubscriptionStore subscriptions, RuleRehearsals rehearsals) {
        this.calls = calls;
        this.subscriptions = subscriptions;
        this.simulation = new RuleSimulation(rehearsals, calls.cursors());
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        Caller caller = calls.caller(call);
        // It changes nothing and needs no memory of the key, which every POST has to bring all the same.
        TenantCalls.key(call, caller);
        List<Rule> rules = RuleJson.read(call.body(), Rule.Owner.RESELLER);
        return simulation.reply(
                call,
                caller.tenantId(),
                rules,
                "",
                TenantCalls.limit(call),
                (beforeId, limit) -> page(call, beforeId, limit)
                        .map(found -> found.stream()
                                .map(each -> new Played(each.id(), each.accountId()))
                                .toList()));
    }

    /** The one that is named, or a page of all. */
    private Future<List<Subscription>> page(ApiCall call, long beforeId, int limit) {
        String one = call.body().getString("subscriptionId");
        if (one == null) {
            return calls.run(
                    call, (connection, caller) -> subscriptions.list(connection, caller.tenantId(), beforeId, limit));
        }
        long id = PublicId.SUBSCRIPTION.parse(one).orElse(-1);
        return calls.run(
                call,
                (connection, caller) -> subscriptions
                        .find(connection, caller.tenantId(), id)
                        .map(found -> List.of(found.orElseThrow(Refusals::notFound))));
    }
}
