package dev.octroi.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalTime;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what must happen. */
final class ConditionReader {
    private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]");
    private static final Set<String> MEMBERS = Set.of(
            "window",
            "rollingHours",
            "overBytes",
            "overSeconds",
            "overMinor",
            "event",
            "zones",
            "networks",
            "hours",
            "categories");

    private final FaultList faults;

    ConditionReader(FaultList faults) {
        this.faults = faults;
    }

    @Nullable
    Condition read(String at, JsonNode node) {
        if (!faults.members(at, node, MEMBERS)) {
            return null;
        }
        Where where = where(at, node);
        if (node.has("event")) {
            return happened(at, node, where);
        }
        List<String> limits = limits(node);
        if (node.has("window") || node.has("rollingHours") || !limits.isEmpty()) {
            return used(at, node, limits, where);
        }
        return where == null ? null : faults.made(at, () -> new Condition.During(where));
    }

    private @Nullable Condition happened(String at, JsonNode node, @Nullable Where where) {
        if (node.has("window") || node.has("rollingHours") || !limits(node).isEmpty()) {
            faults.add(at, "either an event or a window with a limit");
            return null;
        }
        Condition.Occasion occasion = faults.word(at + "/event", node.path("event"), Condition.Occasion.class);
        return occasion == null || where == null
                ? null
                : faults.made(at, () -> new Condition.Happened(occasion, where));
    }

    private @Nullable Condition used(String at, JsonNode node, List<String> limits, @Nullable Where where) {
        Rule.Window window = faults.word(at + "/window", node.path("window"), Rule.Window.class);
        if (limits.size() != 1) {
            faults.add(at, "one of overBytes, overSeconds and overMinor");
            return null;
        }
        String limit = limits.getFirst();
        long over = faults.number(at + "/" + limit, node.path(limit));
        long hours = node.has("rollingHours") ? faults.number(at + "/rollingHours", node.path("rollingHours")) : 0;
        if (window == null || where == null || over < 0) {
            if (over < 0 && node.path(limit).isIntegralNumber()) {
                faults.add(at, "a limit of 1 or more");
            }
            return null;
        }
        Condition.Metric metric = switch (limit) {
            case "overBytes" -> Condition.Metric.BYTES;
            case "overSeconds" -> Condition.Metric.SECONDS;
            default -> Condition.Metric.MONEY;
        };
        int rolling = Math.clamp(hours, -1, Integer.MAX_VALUE);
        return faults.made(at, () -> new Condition.Used(metric, window, rolling, over, where));
    }

    private static List<String> limits(JsonNode node) {
        return List.of("overBytes", "overSeconds", "overMinor").stream()
                .filter(node::has)
                .toList();
    }

    private @Nullable Where where(String at, JsonNode node) {
        Set<String> zones = faults.names(at + "/zones", node.path("zones"));
        Set<String> networks = faults.names(at + "/networks", node.path("networks"));
        Set<String> categories = faults.names(at + "/categories", node.path("categories"));
        Where.Hours hours = node.has("hours") ? hours(at + "/hours", node.path("hours")) : null;
        return faults.made(at, () -> new Where(zones, networks, hours, categories));
    }

    private Where.@Nullable Hours hours(String at, JsonNode node) {
        String from = node.path("from").asText("");
        String to = node.path("to").asText("");
        if (!faults.members(at, node, Set.of("from", "to"))) {
            return null;
        }
        if (!TIME.matcher(from).matches() || !TIME.matcher(to).matches() || from.equals(to)) {
            faults.add(at, "two different times of day, from and to, for example 00:00 and 06:00");
            return null;
        }
        return new Where.Hours(LocalTime.parse(from), LocalTime.parse(to));
    }
}
