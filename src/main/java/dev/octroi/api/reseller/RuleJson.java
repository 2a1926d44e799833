package dev.octroi.api.reseller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemType;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Rule.Owner;
import dev.octroi.policy.RuleJson.Fault;
import dev.octroi.policy.RuleJson.Result;
import dev.octroi.policy.RuleSet;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Rules on the wire. */
public final class RuleJson {
    private static final JsonMapper JSON = new JsonMapper();

    private RuleJson() {}

    /** The rules of one owner, and those of the others beside them. */
    public static JsonObject write(List<RuleSet> sets, Owner owner) {
        JsonArray own = new JsonArray();
        JsonArray others = new JsonArray();
        long version = 0;
        for (RuleSet set : sets) {
            boolean ours = set.owner() == owner;
            version = ours ? set.version() : version;
            for (Rule rule : set.rules()) {
                (ours ? own : others).add(write(rule));
            }
        }
        return new JsonObject().put("version", version).put("rules", own).put("others", others);
    }

    /** Reads the rules of a write; the owner is who writes. Every fault is told with its place. */
    public static List<Rule> read(JsonObject body, Owner owner) {
        return switch (dev.octroi.policy.RuleJson.read(tree(body), owner)) {
            case Result.Rules rules -> rules.rules();
            case Result.Invalid invalid ->
                throw Problem.of(ProblemType.UNPROCESSABLE, sentence(invalid.faults()))
                        .withCode("invalid_rules")
                        .withErrors(
                                invalid.faults().stream().map(RuleJson::place).toList())
                        .toException();
        };
    }

    private static String sentence(List<Fault> faults) {
        Fault first = faults.getFirst();
        return "These rules cannot stand. At " + first.pointer() + ": " + first.detail();
    }

    /** The pointers are those of the array; the body has it as a member. */
    private static Problem.Place place(Fault fault) {
        return new Problem.Place("#/rules" + fault.pointer().substring(1), fault.detail());
    }

    private static JsonNode tree(JsonObject body) {
        try {
            return JSON.readTree(body.getJsonArray("rules").encode());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as JSON is JSON", e);
        }
    }

    /** One rule. */
    public static JsonObject write(Rule rule) {
        return new JsonObject(dev.octroi.policy.RuleJson.write(rule).toString());
    }
}
