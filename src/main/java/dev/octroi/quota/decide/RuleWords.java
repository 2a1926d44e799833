package dev.octroi.quota.decide;

import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How rules are told. */
final class RuleWords {
    private RuleWords() {}

    /** What an event says of a limit that was reached. */
    static Map<String, Object> reached(Rule rule, Condition.Used used, long amount) {
        Map<String, Object> data = acted(rule);
        data.put("limit", "rule");
        data.put("window", used.window().word());
        String unit = switch (used.metric()) {
            case BYTES -> "Bytes";
            case SECONDS -> "Seconds";
            case MONEY -> "Minor";
        };
        data.put("used" + unit, amount);
        data.put("limit" + unit, used.over());
        return data;
    }

    /** What an event says of a rule that acted. */
    static Map<String, Object> acted(Rule rule) {
        Map<String, Object> data = new HashMap<>();
        data.put("rule", rule.id());
        data.put("owner", rule.owner().word());
        data.put("actions", rule.then().stream().map(Action::word).toList());
        switch (rule.when()) {
            case Condition.Used used -> {}
            case Condition.During during -> data.put("cause", during.where().hours() == null ? "place" : "hours");
            case Condition.Happened happened ->
                data.put("cause", happened.occasion().word());
        }
        return data;
    }

    /** What the audit log keeps of rules. */
    static List<String> audited(List<Rule> rules) {
        return rules.stream().map(rule -> RuleJson.write(rule).toString()).toList();
    }
}
