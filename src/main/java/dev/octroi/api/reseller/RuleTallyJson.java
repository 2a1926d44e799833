package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.policy.Rule;
import dev.octroi.quota.RuleRehearsal;
import dev.octroi.quota.RuleTally;
import dev.octroi.subscription.Subscription;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What rules would have done, on the wire. */
final class RuleTallyJson {
    private RuleTallyJson() {}

    static JsonObject write(List<Rule> rules, int days, List<Subscription> page, Map<Long, RuleTally> tallies) {
        JsonArray items = new JsonArray();
        for (Subscription each : page) {
            RuleTally tally = tallies.get(each.accountId());
            if (tally != null) {
                items.add(item(each, tally));
            }
        }
        JsonArray silent = new JsonArray();
        rules.stream().filter(rule -> !RuleRehearsal.isPlayable(rule)).forEach(rule -> silent.add(rule.id()));
        return new JsonObject()
                .put("days", days)
                .put("summary", summary(tallies.values()))
                .put("notSimulated", silent)
                .put("items", items);
    }

    private static JsonObject summary(Collection<RuleTally> tallies) {
        return new JsonObject()
                .put("subscriptions", tallies.size())
                .put("slowed", count(tallies, RuleTally::slowedSeconds))
                .put("blocked", count(tallies, RuleTally::blockedSeconds))
                .put("paused", count(tallies, RuleTally::pausedSeconds))
                .put("told", count(tallies, RuleTally::notices))
                .put(
                        "usedBytes",
                        tallies.stream().mapToLong(RuleTally::usedBytes).sum())
                .put(
                        "savedBytes",
                        tallies.stream().mapToLong(RuleTally::savedBytes).sum());
    }

    private static long count(Collection<RuleTally> tallies, ToLongFunction<RuleTally> what) {
        return tallies.stream().filter(each -> what.applyAsLong(each) > 0).count();
    }

    private static JsonObject item(Subscription subscription, RuleTally tally) {
        JsonArray spans = new JsonArray();
        tally.spans()
                .forEach(each -> spans.add(new JsonObject()
                        .put("from", Times.text(each.from()))
                        .put("to", Times.text(each.to()))
                        .put("level", each.level().word())));
        return new JsonObject()
                .put("subscriptionId", PublicId.SUBSCRIPTION.format(subscription.id()))
                .put("usedBytes", tally.usedBytes())
                .put("savedBytes", tally.savedBytes())
                .put("slowedSeconds", tally.slowedSeconds())
                .put("blockedSeconds", tally.blockedSeconds())
                .put("pausedSeconds", tally.pausedSeconds())
                .put("notices", tally.notices())
                .put("spans", spans);
    }
}
