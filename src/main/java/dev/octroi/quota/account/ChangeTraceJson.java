package dev.octroi.quota.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.policy.Level;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import java.time.Instant;

/** Traces as they are stored: {@code {"rule": {…}}}, {@code {}}, {@code {"placedAt": …, "level": …, "from": …}}. */
public final class ChangeTraceJson {
    private static final JsonMapper JSON = new JsonMapper();

    private ChangeTraceJson() {}

    /** The stored form. */
    public static String write(ChangeTrace trace) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        switch (trace) {
            case ChangeTrace.OfRule rule -> {
                Rule before = rule.before();
                if (before != null) {
                    node.set("rule", RuleJson.write(before));
                }
            }
            case ChangeTrace.OfHold hold -> {
                node.put("placedAt", hold.placedAt().toString());
                ChangeTrace.Hold before = hold.before();
                if (before != null) {
                    node.put("level", before.level().name());
                    node.put("from", before.from().toString());
                }
            }
        }
        return node.toString();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param owner whose rule it is, when it is one
     * @throws IllegalArgumentException when it is anything else
     */
    public static ChangeTrace read(String json, Rule.Owner owner) {
        try {
            JsonNode node = JSON.readTree(json);
            if (node.has("placedAt")) {
                return new ChangeTrace.OfHold(
                        Instant.parse(node.path("placedAt").asText()),
                        node.has("level")
                                ? new ChangeTrace.Hold(
                                        Level.valueOf(node.path("level").asText()),
                                        Instant.parse(node.path("from").asText()))
                                : null);
            }
            ArrayNode one = JsonNodeFactory.instance.arrayNode().add(node.path("rule"));
            return new ChangeTrace.OfRule(
                    node.has("rule")
                            ? RuleJson.readStored(one.toString(), owner).getFirst()
                            : null);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a stored trace is not JSON", e);
        }
    }
}
