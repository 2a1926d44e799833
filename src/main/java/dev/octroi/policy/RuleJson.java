package dev.octroi.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The JSON form of rules, one for APIs and database:
 *
 * <pre>{@code
 * {"id": "daily", "owner": "user",
 *  "when": {"window": "day", "overBytes": 314572800,
 *           "zones": ["FR"], "networks": ["208-01"], "hours": {"from": "00:00", "to": "06:00"}, "categories": ["video"]},
 *  "then": [{"do": "notify"}, {"do": "throttle", "rate": {"down": 512, "up": 512}}],
 *  "until": "window_end"}
 * }</pre>
 *
 * The limit is {@code overBytes}, {@code overSeconds} or {@code overMinor} (money); a window {@code rolling} has
 * {@code rollingHours}. A condition with an {@code event} has no window; one with neither holds in its zones, networks and
 * hours. {@code until} is {@code moment} with {@code untilAt}. Rules stored by earlier versions are read as well.
 */
public final class RuleJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private RuleJson() {}

    /** What reading gave. */
    public sealed interface Result {
        /** All of it is well formed. */
        record Rules(List<Rule> rules) implements Result {
            public Rules {
                rules = List.copyOf(rules);
            }
        }

        /** At least one part is not. */
        record Invalid(List<Fault> faults) implements Result {
            public Invalid {
                faults = List.copyOf(faults);
            }
        }
    }

    /**
     * A part that is not as it must be.
     *
     * @param pointer where (RFC 6901), as a fragment: {@code #/0/when/over}
     * @param detail what must be there
     */
    public record Fault(String pointer, String detail) {}

    /** The JSON form of one rule. */
    public static ObjectNode write(Rule rule) {
        return RuleWriter.write(rule);
    }

    /** The JSON form of several rules: an array. */
    public static ArrayNode write(List<Rule> rules) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Rule rule : rules) {
            array.add(write(rule));
        }
        return array;
    }

    /**
     * Reads an array of rules strictly: unknown members, wrong types and values out of range are faults.
     *
     * @param owner whose rules; a rule that names another owner is a fault, one that names none gets this one
     */
    public static Result read(JsonNode array, Rule.Owner owner) {
        Result result = readAny(array, owner);
        if (!(result instanceof Result.Rules read)) {
            return result;
        }
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < read.rules().size(); i++) {
            Rule rule = read.rules().get(i);
            if (rule.until().equals(Rule.TOP_UP) && !rule.endsWithTopUp()) {
                faults.add(new Fault(
                        "#/" + i + "/until",
                        "another end: a top-up lifts no suspension, no operator's block, and nothing that another"
                                + " device or an alarm brought"));
            }
        }
        return faults.isEmpty() ? result : new Result.Invalid(faults);
    }

    /** Reads also what earlier versions took and this one refuses. */
    private static Result readAny(JsonNode array, Rule.Owner owner) {
        RuleReader reader = new RuleReader(owner);
        List<Rule> rules = new ArrayList<>();
        if (!array.isArray() || array.size() > Rule.MAX_PER_OWNER) {
            return new Result.Invalid(List.of(new Fault("#", "an array of at most " + Rule.MAX_PER_OWNER + " rules")));
        }
        for (int i = 0; i < array.size(); i++) {
            Rule rule = reader.rule("#/" + i, array.get(i));
            if (rule != null) {
                rules.add(rule);
            }
        }
        if (reader.faults().isEmpty()) {
            try {
                return new Result.Rules(new RuleSet(owner, 0, rules).rules());
            } catch (IllegalArgumentException e) {
                return new Result.Invalid(List.of(new Fault("#", String.valueOf(e.getMessage()))));
            }
        }
        return new Result.Invalid(reader.faults());
    }

    /**
     * Reads what {@link #write(List)} wrote.
     *
     * @throws IllegalArgumentException when it is anything else
     */
    public static List<Rule> readStored(String json, Rule.Owner owner) {
        try {
            return switch (readAny(JSON.readTree(json), owner)) {
                case Result.Rules rules -> rules.rules();
                case Result.Invalid invalid -> throw new IllegalArgumentException("stored rules: " + invalid.faults());
            };
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("stored rules are not JSON", e);
        }
    }
}
