package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.quota.rehearsal.FleetTally;
import dev.octroi.quota.rehearsal.RuleTally;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** What rules would have done, on the wire. */
final class RuleTallyJson {
    private RuleTallyJson() {}

    /**
     * A page.
     *
     * @param before sums of the pages before it
     * @param isLast whether no subscription comes after it
     */
    static JsonObject write(
            int days,
            List<RuleSimulation.Played> page,
            Map<Long, RuleTally> tallies,
            FleetTally before,
            boolean isLast) {
        JsonArray items = new JsonArray();
        for (RuleSimulation.Played each : page) {
            RuleTally tally = tallies.get(each.accountId());
            if (tally != null) {
                items.add(item(each.subscriptionId(), tally));
            }
        }
        return new JsonObject()
                .put("days", days)
                .put("summary", sums(FleetTally.NONE.plus(tallies.values())))
                .put("fleet", sums(before.plus(tallies.values())).put("complete", isLast))
                .put("notSimulated", new JsonArray())
                .put("items", items);
    }

    private static JsonObject sums(FleetTally tally) {
        return new JsonObject()
                .put("subscriptions", tally.subscriptions())
                .put("slowed", tally.slowed())
                .put("blocked", tally.blocked())
                .put("paused", tally.paused())
                .put("told", tally.told())
                .put("usedBytes", tally.usedBytes())
                .put("savedBytes", tally.savedBytes());
    }

    private static JsonObject item(long subscriptionId, RuleTally tally) {
        JsonArray spans = new JsonArray();
        tally.spans()
                .forEach(each -> spans.add(new JsonObject()
                        .put("from", Times.text(each.from()))
                        .put("to", Times.text(each.to()))
                        .put("level", each.level().word())));
        return new JsonObject()
                .put("subscriptionId", PublicId.SUBSCRIPTION.format(subscriptionId))
                .put("usedBytes", tally.usedBytes())
                .put("savedBytes", tally.savedBytes())
                .put("slowedSeconds", tally.slowedSeconds())
                .put("blockedSeconds", tally.blockedSeconds())
                .put("pausedSeconds", tally.pausedSeconds())
                .put("notices", tally.notices())
                .put("spans", spans);
    }
}
