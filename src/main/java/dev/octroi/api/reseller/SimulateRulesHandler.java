package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors.Position;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.policy.Rule;
import dev.octroi.quota.Decider;
import dev.octroi.quota.RuleRehearsal;
import dev.octroi.quota.RuleRehearsals;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionStore;
import dev.octroi.usage.Countries;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code POST /rules/simulate}: what rules would have done to one subscription, or to a page of all. Changes nothing. */
final class SimulateRulesHandler implements OperationHandler {
    private static final int MAX_PAGE = 50;
    private static final int MAX_DAYS = 30;

    private final TenantCalls calls;
    private final SubscriptionStore subscriptions;
    private final RuleRehearsals rehearsals;
    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());

    SimulateRulesHandler(TenantCalls calls, SubscriptionStore subscriptions, RuleRehearsals rehearsals) {
        this.calls = calls;
        this.subscriptions = subscriptions;
        this.rehearsals = rehearsals;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        int tenantId = calls.caller(call).tenantId();
        JsonObject body = call.body();
        List<Rule> rules = RuleJson.read(body, Rule.Owner.RESELLER);
        int days = body.getInteger("days", MAX_DAYS);
        int limit = Math.min(TenantCalls.limit(call), MAX_PAGE);
        RuleRehearsal rehearsal = new RuleRehearsal(decider, rules, Countries::of);
        return page(call, tenantId, limit).compose(found -> {
            List<Subscription> page = found.size() > limit ? found.subList(0, limit) : found;
            List<Long> accounts = page.stream().map(Subscription::accountId).toList();
            return rehearsals
                    .play(tenantId, accounts, days, rehearsal)
                    .map(tallies -> Reply.ok(RuleTallyJson.write(rules, days, page, tallies)
                            .put("next", found.size() > limit ? next(tenantId, page.getLast()) : null)));
        });
    }

    /** The one that is named, or a page of all, newest first, and one more if there is one. */
    private Future<List<Subscription>> page(ApiCall call, int tenantId, int limit) {
        String one = call.body().getString("subscriptionId");
        if (one != null) {
            long id = PublicId.SUBSCRIPTION.parse(one).orElse(-1);
            return calls.run(
                    call,
                    (connection, caller) -> subscriptions
                            .find(connection, tenantId, id)
                            .map(found -> List.of(found.orElseThrow(Refusals::notFound))));
        }
        long before =
                calls.cursors().after(call, list(tenantId)).map(Position::id).orElse(Long.MAX_VALUE);
        return calls.run(call, (connection, caller) -> subscriptions.list(connection, tenantId, before, limit + 1));
    }

    private String next(int tenantId, Subscription last) {
        return calls.cursors().encode(list(tenantId), new Position("", last.id()));
    }

    private static String list(int tenantId) {
        return tenantId + "/simulation";
    }
}
