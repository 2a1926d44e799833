package dev.octroi.api.reseller;

import dev.octroi.policy.Rule;
import dev.octroi.policy.Rule.Action;
import dev.octroi.policy.Rule.Owner;
import dev.octroi.policy.Rule.When;
import dev.octroi.policy.RuleSet;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Rules on the wire. */
public final class RuleJson {
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

    /** Reads the rules of a write that the contract has let through; the owner is who writes. */
    public static List<Rule> read(JsonObject body, Owner owner) {
        List<Rule> rules = new ArrayList<>();
        try {
            for (Object each : body.getJsonArray("rules")) {
                rules.add(rule((JsonObject) each, owner));
            }
            // Checks what concerns all rules together.
            return new RuleSet(owner, 0, rules).rules();
        } catch (IllegalArgumentException e) {
            throw Refusals.unprocessable("invalid_rules", String.valueOf(e.getMessage()));
        }
    }

    /** One rule. */
    public static JsonObject write(Rule rule) {
        JsonArray then = new JsonArray();
        rule.then().forEach(action -> then.add(action(action)));
        return new JsonObject()
                .put("id", rule.id())
                .put("owner", rule.owner().word())
                .put("when", when(rule.when()))
                .put("then", then)
                .put("until", rule.until().word());
    }

    private static JsonObject when(When when) {
        JsonObject json = new JsonObject().put("window", when.window().word()).put("overBytes", when.overBytes());
        if (!when.zones().isEmpty()) {
            json.put("zones", new JsonArray(List.copyOf(new TreeSet<>(when.zones()))));
        }
        if (when.hours() != null) {
            json.put(
                    "hours",
                    new JsonObject()
                            .put("from", when.hours().from().toString())
                            .put("to", when.hours().to().toString()));
        }
        if (!when.categories().isEmpty()) {
            json.put("categories", new JsonArray(List.copyOf(new TreeSet<>(when.categories()))));
        }
        return json;
    }

    private static JsonObject action(Action action) {
        return switch (action) {
            case Action.Notify tell -> new JsonObject().put("do", "notify");
            case Action.Throttle slow ->
                new JsonObject().put("do", "throttle").put("rate", RateJson.write(slow.speed()));
            case Action.Pause pause -> new JsonObject().put("do", "pause");
            case Action.Suspend suspend -> new JsonObject().put("do", "suspend");
        };
    }

    private static Rule rule(JsonObject json, Owner owner) {
        List<Action> then = new ArrayList<>();
        for (Object each : json.getJsonArray("then")) {
            then.add(readAction((JsonObject) each));
        }
        return new Rule(
                json.getString("id"),
                owner,
                readWhen(json.getJsonObject("when")),
                then,
                constant(Rule.End.class, json.getString("until", "window_end")));
    }

    private static When readWhen(JsonObject json) {
        JsonObject hours = json.getJsonObject("hours");
        return new When(
                constant(Rule.Window.class, json.getString("window")),
                json.getLong("overBytes"),
                texts(json, "zones"),
                hours == null
                        ? null
                        : new Rule.Hours(
                                LocalTime.parse(hours.getString("from")), LocalTime.parse(hours.getString("to"))),
                texts(json, "categories"));
    }

    private static Action readAction(JsonObject json) {
        return switch (json.getString("do")) {
            case "notify" -> new Action.Notify();
            case "throttle" -> new Action.Throttle(RateJson.read(json.getJsonObject("rate")));
            case "pause" -> new Action.Pause();
            default -> new Action.Suspend();
        };
    }

    private static Set<String> texts(JsonObject json, String name) {
        return json.getJsonArray(name, new JsonArray()).stream()
                .map(String::valueOf)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String word) {
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
    }
}
