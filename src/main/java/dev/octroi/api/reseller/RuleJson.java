package dev.octroi.api.reseller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
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
    private static final String ALL = "#/rules";
    /** How the pointer of an only rule begins. */
    private static final String ONE = "#/0";

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
        return read(body.getJsonArray("rules"), owner, ALL);
    }

    /**
     * Reads one rule.
     *
     * @param at where in the body it stands, as a fragment
     */
    public static Rule readOne(JsonObject rule, Owner owner, String at) {
        return read(new JsonArray().add(rule), owner, at).getFirst();
    }

    private static List<Rule> read(JsonArray rules, Owner owner, String at) {
        return switch (dev.octroi.policy.RuleJson.read(tree(rules), owner)) {
            case Result.Rules read -> read.rules();
            case Result.Invalid invalid -> throw refused(invalid.faults(), at);
        };
    }

    /** The pointers of faults are those of the array; the body has it, or the one rule of it, as a member. */
    private static ProblemException refused(List<Fault> faults, String at) {
        int kept = at.equals(ALL) ? 1 : ONE.length();
        List<Problem.Place> places = faults.stream()
                .map(fault -> new Problem.Place(
                        at
                                + fault.pointer()
                                        .substring(
                                                Math.min(kept, fault.pointer().length())),
                        fault.detail()))
                .toList();
        Problem.Place first = places.getFirst();
        return Problem.of(
                        ProblemType.UNPROCESSABLE,
                        "These rules cannot stand. At " + first.pointer() + ": " + first.detail())
                .withCode("invalid_rules")
                .withErrors(places)
                .toException();
    }

    private static JsonNode tree(JsonArray rules) {
        try {
            return JSON.readTree(rules.encode());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as JSON is JSON", e);
        }
    }

    /** One rule. */
    public static JsonObject write(Rule rule) {
        return new JsonObject(dev.octroi.policy.RuleJson.write(rule).toString());
    }
}
