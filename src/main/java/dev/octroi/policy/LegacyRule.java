package dev.octroi.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Brings rules as they were stored before into the form of today: {@code over} with a metric, {@code where}, one {@code kbps}. */
final class LegacyRule {
    private LegacyRule() {}

    static JsonNode modern(JsonNode rule) {
        if (!(rule instanceof ObjectNode object)) {
            return rule;
        }
        ObjectNode modern = object.deepCopy();
        if (modern.path("when") instanceof ObjectNode when) {
            when(when);
        }
        for (JsonNode action : modern.path("then")) {
            if (action instanceof ObjectNode each && each.has("downKbps")) {
                each.set(
                        "rate",
                        JsonNodeFactory.instance
                                .objectNode()
                                .setAll(Map.of("down", each.remove("downKbps"), "up", each.path("upKbps"))));
                each.remove("upKbps");
            }
        }
        return modern;
    }

    private static void when(ObjectNode when) {
        if (!when.has("over")) {
            return;
        }
        when.remove("metric");
        when.set("overBytes", when.remove("over"));
        if (!(when.remove("where") instanceof ObjectNode where)) {
            return;
        }
        String hours = where.path("hours").asText("");
        where.remove("hours");
        when.setAll(where);
        int dash = hours.indexOf('-');
        if (dash > 0) {
            when.putObject("hours").put("from", hours.substring(0, dash)).put("to", hours.substring(dash + 1));
        }
    }
}
