package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors.Position;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Reply;
import dev.octroi.policy.Rule;
import dev.octroi.quota.decide.Decider;
import dev.octroi.quota.rehearsal.FleetTally;
import dev.octroi.quota.rehearsal.RuleRehearsal;
import dev.octroi.quota.rehearsal.RuleRehearsals;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionStore;
import dev.octroi.usage.Countries;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** {@code POST /rules/simulate}: what rules would have done to one subscription, or to all, page by page. Changes nothing. */
final class SimulateRulesHandler implements OperationHandler {
    private static final int MAX_PAGE = 50;
    private static final int MAX_DAYS = 30;

    private final TenantCalls calls;
    private final SubscriptionStore subscriptions;
    private final RuleRehearsals rehearsals;
    private final Decider decider;

    SimulateRulesHandler(TenantCalls calls, SubscriptionStore subscriptions, RuleRehearsals rehearsals) {
        this.calls = calls;
        this.decider = rehearsals.decider();
        this.subscriptions = subscriptions;
        this.rehearsals = rehearsals;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        Caller caller = calls.caller(call);
        int tenantId = caller.tenantId();
        // It changes nothing and needs no memory of the key, which every POST has to bring all the same.
        TenantCalls.key(call, caller);
        JsonObject body = call.body();
        List<Rule> rules = RuleJson.read(body, Rule.Owner.RESELLER);
        int days = body.getInteger("days", MAX_DAYS);
        int limit = Math.min(TenantCalls.limit(call), MAX_PAGE);
        RuleRehearsal rehearsal = new RuleRehearsal(decider, rules, Countries::of);
        String list = list(tenantId, rules, days);
        Optional<Position> after = calls.cursors().after(call, list);
        FleetTally before = after.map(at -> FleetTally.of(at.sort())).orElse(FleetTally.NONE);
        return page(call, tenantId, after, limit).compose(found -> {
            boolean isLast = found.size() <= limit;
            List<Subscription> page = isLast ? found : found.subList(0, limit);
            List<Long> accounts = page.stream().map(Subscription::accountId).toList();
            return rehearsals
                    .play(tenantId, accounts, days, rehearsal, call::isWaitedFor)
                    .map(tallies -> {
                        FleetTally sums = before.plus(tallies.values());
                        return Reply.ok(RuleTallyJson.write(days, page, tallies, before, isLast)
                                .put(
                                        "next",
                                        isLast
                                                ? null
                                                : calls.cursors()
                                                        .encode(
                                                                list,
                                                                new Position(
                                                                        sums.word(),
                                                                        page.getLast()
                                                                                .id()))));
                    });
        });
    }

    /** The one that is named, or a page of all, newest first, and one more if there is one. */
    private Future<List<Subscription>> page(ApiCall call, int tenantId, Optional<Position> after, int limit) {
        String one = call.body().getString("subscriptionId");
        if (one != null) {
            long id = PublicId.SUBSCRIPTION.parse(one).orElse(-1);
            return calls.run(
                    call,
                    (connection, caller) -> subscriptions
                            .find(connection, tenantId, id)
                            .map(found -> List.of(found.orElseThrow(Refusals::notFound))));
        }
        long before = after.map(Position::id).orElse(Long.MAX_VALUE);
        return calls.run(call, (connection, caller) -> subscriptions.list(connection, tenantId, before, limit + 1));
    }

    /** Sums go on only for the same rules over as many days. */
    private static String list(int tenantId, List<Rule> rules, int days) {
        return tenantId + "/simulation/" + days + "/" + dev.octroi.policy.RuleJson.write(rules);
    }
}
