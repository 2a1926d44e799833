package dev.octroi.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads rules and collects every fault, so that the owner learns all of them at once. */
final class RuleReader {
    private static final Pattern HOURS = Pattern.compile("([0-2][0-9]:[0-5][0-9])-([0-2][0-9]:[0-5][0-9])");
    private static final int MAX_FAULTS = 50;
    private static final int MAX_NAMES = 20;

    private final Rule.Owner owner;
    private final List<RuleJson.Fault> faults = new ArrayList<>();

    RuleReader(Rule.Owner owner) {
        this.owner = owner;
    }

    List<RuleJson.Fault> faults() {
        return faults;
    }

    @Nullable
    Rule rule(String at, JsonNode node) {
        int before = faults.size();
        if (!members(at, node, Set.of("id", "owner", "when", "then", "until"))) {
            return null;
        }
        String id = text(at + "/id", node.path("id"));
        if (node.has("owner") && !owner.word().equals(node.path("owner").textValue())) {
            fault(at + "/owner", "\"" + owner.word() + "\"");
        }
        Rule.When when = when(at + "/when", node.path("when"));
        List<Rule.Action> then = then(at + "/then", node.path("then"));
        Rule.End until =
                node.has("until") ? word(at + "/until", node.path("until"), Rule.End.class) : Rule.End.WINDOW_END;
        if (faults.size() > before || id == null || when == null || until == null) {
            return null;
        }
        try {
            return new Rule(id, owner, when, then, until);
        } catch (IllegalArgumentException e) {
            fault(at, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private Rule.@Nullable When when(String at, JsonNode node) {
        if (!members(at, node, Set.of("metric", "window", "over", "where"))) {
            return null;
        }
        if (node.has("metric") && !"bytes".equals(node.path("metric").textValue())) {
            fault(at + "/metric", "\"bytes\"");
        }
        Rule.Window window = word(at + "/window", node.path("window"), Rule.Window.class);
        JsonNode over = node.path("over");
        if (!over.isIntegralNumber() || !over.canConvertToLong()) {
            fault(at + "/over", "a whole number of bytes");
            return null;
        }
        Set<String> zones = Set.of();
        Set<String> categories = Set.of();
        Rule.Hours hours = null;
        if (node.has("where")) {
            JsonNode where = node.path("where");
            if (!members(at + "/where", where, Set.of("zones", "hours", "categories"))) {
                return null;
            }
            zones = names(at + "/where/zones", where.path("zones"));
            categories = names(at + "/where/categories", where.path("categories"));
            hours = where.has("hours") ? hours(at + "/where/hours", where.path("hours")) : null;
        }
        if (window == null) {
            return null;
        }
        try {
            return new Rule.When(window, over.longValue(), zones, hours, categories);
        } catch (IllegalArgumentException e) {
            fault(at, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private Rule.@Nullable Hours hours(String at, JsonNode node) {
        var matcher = HOURS.matcher(node.isTextual() ? node.textValue() : "");
        if (matcher.matches()) {
            try {
                return new Rule.Hours(LocalTime.parse(matcher.group(1)), LocalTime.parse(matcher.group(2)));
            } catch (DateTimeException | IllegalArgumentException e) {
                // Falls through to the fault: 24:00 and beyond, or an empty span.
            }
        }
        fault(at, "two different times of day, for example \"00:00-06:00\"");
        return null;
    }

    private List<Rule.Action> then(String at, JsonNode node) {
        List<Rule.Action> actions = new ArrayList<>();
        if (!node.isArray() || node.isEmpty() || node.size() > 4) {
            fault(at, "an array of 1 to 4 actions");
            return actions;
        }
        for (int i = 0; i < node.size(); i++) {
            Rule.Action action = action(at + "/" + i, node.get(i));
            if (action != null) {
                actions.add(action);
            }
        }
        return actions;
    }

    private Rule.@Nullable Action action(String at, JsonNode node) {
        String verb = node.path("do").textValue();
        Set<String> allowed = "throttle".equals(verb) ? Set.of("do", "kbps", "downKbps", "upKbps") : Set.of("do");
        if (!members(at, node, allowed)) {
            return null;
        }
        return switch (verb == null ? "" : verb) {
            case "notify" -> new Rule.Action.Notify();
            case "pause" -> new Rule.Action.Pause();
            case "suspend" -> new Rule.Action.Suspend();
            case "throttle" -> throttle(at, node);
            default -> {
                fault(at + "/do", "one of notify, throttle, pause, suspend");
                yield null;
            }
        };
    }

    private Rule.@Nullable Action throttle(String at, JsonNode node) {
        boolean both = node.has("kbps");
        JsonNode down = node.path(both ? "kbps" : "downKbps");
        JsonNode up = node.path(both ? "kbps" : "upKbps");
        if (both == (node.has("downKbps") || node.has("upKbps")) || !down.isInt() || !up.isInt()) {
            fault(at, "either kbps or both downKbps and upKbps, whole numbers");
            return null;
        }
        try {
            return new Rule.Action.Throttle(new Speed(down.intValue(), up.intValue()));
        } catch (IllegalArgumentException e) {
            fault(at, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private Set<String> names(String at, JsonNode node) {
        Set<String> names = new HashSet<>();
        if (node.isMissingNode()) {
            return names;
        }
        if (!node.isArray() || node.size() > MAX_NAMES) {
            fault(at, "an array of at most 20 names");
            return names;
        }
        for (int i = 0; i < node.size(); i++) {
            String name = text(at + "/" + i, node.get(i));
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    private @Nullable String text(String at, JsonNode node) {
        if (node.isTextual()) {
            return node.textValue();
        }
        fault(at, "text");
        return null;
    }

    private <E extends Enum<E>> @Nullable E word(String at, JsonNode node, Class<E> type) {
        String word = node.textValue();
        List<String> known = new ArrayList<>();
        for (E each : type.getEnumConstants()) {
            String name = each.name().toLowerCase(Locale.ROOT);
            if (name.equals(word)) {
                return each;
            }
            known.add(name);
        }
        fault(at, "one of " + String.join(", ", known));
        return null;
    }

    private boolean members(String at, JsonNode node, Set<String> allowed) {
        if (!node.isObject()) {
            fault(at, "an object");
            return false;
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!allowed.contains(name)) {
                fault(
                        at,
                        "no member other than "
                                + String.join(", ", allowed.stream().sorted().toList()));
                return false;
            }
        }
        return true;
    }

    private void fault(String at, String detail) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(new RuleJson.Fault(at, detail));
        }
    }
}
