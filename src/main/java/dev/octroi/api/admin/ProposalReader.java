package dev.octroi.api.admin;

import dev.octroi.api.reseller.Reasons;
import dev.octroi.api.reseller.RuleJson;
import dev.octroi.db.PublicId;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule.Owner;
import dev.octroi.quota.account.ChangeAct;
import dev.octroi.rollout.ChangeTarget;
import dev.octroi.rollout.Proposal;
import dev.octroi.rollout.RolloutPlan;
import dev.octroi.rollout.StopWhen;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a proposed change that the contract has let through. */
final class ProposalReader {
    private static final int DEFAULT_PERCENT = 5;
    private static final int NEVER = 100;

    private ProposalReader() {}

    static Proposal read(JsonObject body) {
        ChangeAct act = act(body.getJsonObject("act"));
        try {
            return new Proposal(
                    act,
                    target(body.getJsonObject("target")),
                    steps(body.getJsonArray("steps")),
                    stop(body.getJsonObject("stopWhen", new JsonObject()), act),
                    Reasons.read(body));
        } catch (IllegalArgumentException e) {
            throw unprocessable("invalid_change", String.valueOf(e.getMessage()));
        }
    }

    private static ChangeAct act(JsonObject json) {
        return switch (json.getString("do")) {
            case "put_rule" -> {
                JsonObject rule = needed(json.getJsonObject("rule"), "rule", "put_rule");
                yield new ChangeAct.PutRule(RuleJson.readOne(rule, owner(json), "#/act/rule"));
            }
            case "remove_rule" ->
                new ChangeAct.RemoveRule(owner(json), needed(json.getString("ruleId"), "ruleId", "remove_rule"));
            default ->
                new ChangeAct.Suspend(
                        RestrictionClass.valueOf(
                                json.getString("class", "administrative").toUpperCase(Locale.ROOT)),
                        json.getBoolean("everything", false));
        };
    }

    private static Owner owner(JsonObject json) {
        return Owner.valueOf(json.getString("owner", "reseller").toUpperCase(Locale.ROOT));
    }

    private static <T> T needed(@Nullable T value, String name, String act) {
        if (value == null) {
            throw unprocessable("invalid_change", "An act that is " + act + " needs the member " + name);
        }
        return value;
    }

    static ChangeTarget target(JsonObject json) {
        Set<Long> subscriptions = new HashSet<>();
        for (Object each : json.getJsonArray("subscriptions", new JsonArray())) {
            subscriptions.add(id(PublicId.SUBSCRIPTION, (String) each));
        }
        String plan = json.getString("planId");
        boolean named = plan != null || json.containsKey("country") || !subscriptions.isEmpty();
        if (named == json.getBoolean("all", false)) {
            throw unprocessable("invalid_target", "Name a plan, a country or subscriptions, or all of them");
        }
        return new ChangeTarget(
                plan == null ? OptionalLong.empty() : OptionalLong.of(id(PublicId.PLAN, plan)),
                Optional.ofNullable(json.getString("country")),
                subscriptions);
    }

    private static long id(PublicId kind, String text) {
        return kind.parse(text).orElseThrow(() -> unprocessable("empty_target", "What is named does not exist"));
    }

    private static List<RolloutPlan.Step> steps(@Nullable JsonArray json) {
        if (json == null) {
            return RolloutPlan.DEFAULT_STEPS;
        }
        List<RolloutPlan.Step> steps = new ArrayList<>();
        for (Object each : json) {
            JsonObject step = (JsonObject) each;
            steps.add(new RolloutPlan.Step(
                    step.getInteger("percent"), Duration.ofSeconds(step.getInteger("soakSeconds"))));
        }
        return steps;
    }

    /** A suspension restricts everybody, by intent; a rule should restrict few. */
    private static StopWhen stop(JsonObject json, ChangeAct act) {
        int restricted = act instanceof ChangeAct.Suspend ? NEVER : DEFAULT_PERCENT;
        return new StopWhen(
                json.getInteger("restrictedPercent", restricted),
                json.getInteger("undeliveredPercent", DEFAULT_PERCENT));
    }

    private static ProblemException unprocessable(String code, String detail) {
        return Problem.of(ProblemType.UNPROCESSABLE, detail).withCode(code).toException();
    }
}
