package dev.octroi.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** Writes rules, the same rule always the same way. */
final class RuleWriter {
    private RuleWriter() {}

    static ObjectNode write(Rule rule) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", rule.id());
        node.put("owner", rule.owner().word());
        node.set("when", when(rule.when()));
        ArrayNode then = node.putArray("then");
        for (Action action : rule.then()) {
            then.add(action(action));
        }
        node.put("until", rule.until().word());
        if (rule.until() instanceof Rule.End.Moment moment) {
            node.put("untilAt", moment.at().toString());
        }
        return node;
    }

    private static ObjectNode when(Condition when) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        switch (when) {
            case Condition.During during -> {}
            case Condition.Happened happened ->
                node.put("event", happened.occasion().word());
            case Condition.Used used -> {
                node.put("window", used.window().word());
                if (used.rollingHours() > 0) {
                    node.put("rollingHours", used.rollingHours());
                }
                String over = switch (used.metric()) {
                    case BYTES -> "overBytes";
                    case SECONDS -> "overSeconds";
                    case MONEY -> "overMinor";
                };
                node.put(over, used.over());
            }
        }
        Where where = when.where();
        names(node, "zones", where.zones());
        names(node, "networks", where.networks());
        names(node, "categories", where.categories());
        Where.Hours hours = where.hours();
        if (hours != null) {
            node.putObject("hours")
                    .put("from", hours.from().toString())
                    .put("to", hours.to().toString());
        }
        return node;
    }

    private static ObjectNode action(Action action) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("do", action.word());
        if (action instanceof Action.Throttle throttle) {
            node.putObject("rate")
                    .put("up", throttle.speed().upKbps())
                    .put("down", throttle.speed().downKbps());
        }
        if (action instanceof Action.BlockCategories block) {
            names(node, "categories", block.categories());
        }
        return node;
    }

    private static void names(ObjectNode node, String member, Set<String> names) {
        if (!names.isEmpty()) {
            names.stream().sorted().forEach(node.putArray(member)::add);
        }
    }
}
