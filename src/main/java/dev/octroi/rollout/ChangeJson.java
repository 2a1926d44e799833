package dev.octroi.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.quota.account.ChangeAct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The stored form of what a change does, to whom, and in which steps. */
final class ChangeJson {
    private static final JsonMapper JSON = new JsonMapper();

    private ChangeJson() {}

    static String write(ChangeAct act) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        switch (act) {
            case ChangeAct.PutRule put ->
                node.put("do", "put_rule")
                        .put("owner", put.rule().owner().name())
                        .set("rule", RuleJson.write(put.rule()));
            case ChangeAct.RemoveRule remove ->
                node.put("do", "remove_rule")
                        .put("owner", remove.owner().name())
                        .put("ruleId", remove.ruleId());
            case ChangeAct.Suspend suspend ->
                node.put("do", "suspend")
                        .put("class", suspend.restrictionClass().name())
                        .put("everything", suspend.everything());
        }
        return node.toString();
    }

    static ChangeAct readAct(String json) {
        JsonNode node = read(json);
        return switch (node.path("do").asText()) {
            case "put_rule" -> {
                ArrayNode one = JsonNodeFactory.instance.arrayNode().add(node.path("rule"));
                yield new ChangeAct.PutRule(
                        RuleJson.readStored(one.toString(), owner(node)).getFirst());
            }
            case "remove_rule" ->
                new ChangeAct.RemoveRule(owner(node), node.path("ruleId").asText());
            case "suspend" ->
                new ChangeAct.Suspend(
                        RestrictionClass.valueOf(node.path("class").asText()),
                        node.path("everything").asBoolean());
            default -> throw new IllegalArgumentException("a stored act of another kind");
        };
    }

    static String write(ChangeTarget target) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        target.planId().ifPresent(id -> node.put("plan", id));
        target.country().ifPresent(code -> node.put("country", code));
        if (!target.subscriptions().isEmpty()) {
            target.subscriptions().stream().sorted().forEach(node.putArray("subscriptions")::add);
        }
        return node.toString();
    }

    static ChangeTarget readTarget(String json) {
        JsonNode node = read(json);
        Set<Long> subscriptions = new HashSet<>();
        node.path("subscriptions").forEach(id -> subscriptions.add(id.asLong()));
        return new ChangeTarget(
                node.has("plan") ? OptionalLong.of(node.path("plan").asLong()) : OptionalLong.empty(),
                Optional.ofNullable(node.path("country").textValue()),
                subscriptions);
    }

    static String write(List<RolloutPlan.Step> steps) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (RolloutPlan.Step step : steps) {
            array.addObject()
                    .put("percent", step.percent())
                    .put("soakSeconds", step.soak().toSeconds());
        }
        return array.toString();
    }

    static List<RolloutPlan.Step> readSteps(String json) {
        List<RolloutPlan.Step> steps = new ArrayList<>();
        for (JsonNode step : read(json)) {
            steps.add(new RolloutPlan.Step(
                    step.path("percent").asInt(),
                    Duration.ofSeconds(step.path("soakSeconds").asLong())));
        }
        return steps;
    }

    private static Rule.Owner owner(JsonNode node) {
        return Rule.Owner.valueOf(node.path("owner").asText());
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a stored change is not JSON", e);
        }
    }
}
