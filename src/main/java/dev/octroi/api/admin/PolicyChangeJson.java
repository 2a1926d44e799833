package dev.octroi.api.admin;

import dev.octroi.api.reseller.RuleJson;
import dev.octroi.db.PublicId;
import dev.octroi.policy.Rule;
import dev.octroi.quota.account.ChangeAct;
import dev.octroi.quota.account.ChangeTrace;
import dev.octroi.quota.account.ItemState;
import dev.octroi.rollout.ChangeItem;
import dev.octroi.rollout.ChangeTarget;
import dev.octroi.rollout.PolicyChange;
import dev.octroi.rollout.Rollout;
import dev.octroi.rollout.RolloutPlan;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes over many subscriptions on the wire. */
final class PolicyChangeJson {
    private PolicyChangeJson() {}

    static String location(PolicyChange change) {
        return "/admin/v1/tenants/" + TenantJson.id(change.tenantId()) + "/policy-changes/"
                + PublicId.CHANGE.format(change.id());
    }

    /** A change with how many subscriptions are how far. */
    static JsonObject write(PolicyChange change, Map<ItemState, Integer> tally) {
        JsonObject items = new JsonObject();
        for (ItemState state : ItemState.values()) {
            items.put(state.word(), tally.getOrDefault(state, 0));
        }
        return write(change).put("items", items);
    }

    static JsonObject write(PolicyChange change) {
        Rollout rollout = change.rollout();
        return new JsonObject()
                .put("id", PublicId.CHANGE.format(change.id()))
                .put("version", change.version())
                .put("state", rollout.state().word())
                .put("reason", change.reason())
                .put("act", act(change.act()))
                .put("target", target(change.target()))
                .put("subscriptions", change.plan().total())
                .put("steps", steps(change.plan()))
                .put("step", rollout.step() + 1)
                .put("stepDoneAt", time(rollout.stepDoneAt()))
                .put(
                        "stopWhen",
                        new JsonObject()
                                .put("restrictedPercent", change.plan().stop().restrictedPercent())
                                .put("undeliveredPercent", change.plan().stop().undeliveredPercent()))
                .put("stopReason", rollout.stopReason())
                .put("proposedBy", change.proposedBy())
                .put("proposedAt", time(change.proposedAt()))
                .put("expiresAt", time(rollout.expiresAt()))
                .put("decidedBy", change.decidedBy())
                .put("decidedAt", time(change.decidedAt()))
                .put("endedAt", time(change.endedAt()));
    }

    /** What a change means for one subscription. */
    static JsonObject item(ChangeItem item) {
        return new JsonObject()
                .put("position", item.position())
                .put("subscriptionId", PublicId.SUBSCRIPTION.format(item.subscriptionId()))
                .put("state", item.state().word())
                .put("before", before(item.trace()))
                .put("refusal", item.refusal())
                .put("changedAt", time(item.changedAt()));
    }

    private static @Nullable JsonObject before(@Nullable ChangeTrace trace) {
        return switch (trace) {
            case null -> null;
            case ChangeTrace.OfRule rule -> {
                Rule was = rule.before();
                yield new JsonObject().put("rule", was == null ? null : RuleJson.write(was));
            }
            case ChangeTrace.OfHold hold -> {
                ChangeTrace.Hold was = hold.before();
                yield new JsonObject()
                        .put("level", was == null ? null : was.level().word());
            }
        };
    }

    private static JsonObject act(ChangeAct act) {
        return switch (act) {
            case ChangeAct.PutRule put ->
                new JsonObject()
                        .put("do", "put_rule")
                        .put("owner", put.rule().owner().word())
                        .put("rule", RuleJson.write(put.rule()));
            case ChangeAct.RemoveRule remove ->
                new JsonObject()
                        .put("do", "remove_rule")
                        .put("owner", remove.owner().word())
                        .put("ruleId", remove.ruleId());
            case ChangeAct.Suspend suspend ->
                new JsonObject()
                        .put("do", "suspend")
                        .put("class", suspend.restrictionClass().word())
                        .put("everything", suspend.everything());
        };
    }

    private static JsonObject target(ChangeTarget target) {
        JsonObject json = new JsonObject();
        target.planId().ifPresent(id -> json.put("planId", PublicId.PLAN.format(id)));
        target.country().ifPresent(code -> json.put("country", code));
        if (!target.subscriptions().isEmpty()) {
            JsonArray names = new JsonArray();
            target.subscriptions().stream()
                    .sorted()
                    .map(PublicId.SUBSCRIPTION::format)
                    .forEach(names::add);
            json.put("subscriptions", names);
        }
        return json.isEmpty() ? json.put("all", true) : json;
    }

    private static JsonArray steps(RolloutPlan plan) {
        JsonArray steps = new JsonArray();
        for (int i = 0; i < plan.steps().size(); i++) {
            steps.add(new JsonObject()
                    .put("percent", plan.steps().get(i).percent())
                    .put("soakSeconds", plan.steps().get(i).soak().toSeconds())
                    .put("subscriptions", plan.upTo(i)));
        }
        return steps;
    }

    private static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
