package dev.octroi.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads rules and collects every fault. */
final class RuleReader {
    private final Rule.Owner owner;
    private final FaultList faults = new FaultList();
    private final ConditionReader conditions = new ConditionReader(faults);

    RuleReader(Rule.Owner owner) {
        this.owner = owner;
    }

    List<RuleJson.Fault> faults() {
        return faults.faults();
    }

    @Nullable
    Rule rule(String at, JsonNode given) {
        JsonNode node = LegacyRule.modern(given);
        int before = faults().size();
        if (!faults.members(at, node, Set.of("id", "owner", "when", "then", "until", "untilAt"))) {
            return null;
        }
        String id = faults.text(at + "/id", node.path("id"));
        if (node.has("owner") && !owner.word().equals(node.path("owner").textValue())) {
            faults.add(at + "/owner", "\"" + owner.word() + "\"");
        }
        Condition when = conditions.read(at + "/when", node.path("when"));
        List<Action> then = then(at + "/then", node.path("then"));
        Rule.End until = until(at, node);
        if (faults().size() > before || id == null || when == null || until == null) {
            return null;
        }
        return faults.made(at, () -> new Rule(id, owner, when, then, until));
    }

    private Rule.@Nullable End until(String at, JsonNode node) {
        String word = node.has("until") ? node.path("until").asText("") : "window_end";
        if (node.has("untilAt") != word.equals("moment")) {
            faults.add(at + "/untilAt", "a moment with \"until\": \"moment\", and only there");
            return null;
        }
        return switch (word) {
            case "window_end" -> Rule.WINDOW_END;
            case "top_up" -> Rule.TOP_UP;
            case "manual" -> Rule.MANUAL;
            case "moment" -> moment(at + "/untilAt", node.path("untilAt"));
            default -> {
                faults.add(at + "/until", "one of window_end, top_up, manual, moment");
                yield null;
            }
        };
    }

    private Rule.@Nullable End moment(String at, JsonNode node) {
        try {
            return new Rule.End.Moment(Instant.parse(node.asText("")));
        } catch (DateTimeException e) {
            faults.add(at, "a moment such as 2026-11-23T10:00:00Z");
            return null;
        }
    }

    private List<Action> then(String at, JsonNode node) {
        List<Action> actions = new ArrayList<>();
        if (!node.isArray() || node.isEmpty() || node.size() > 4) {
            faults.add(at, "an array of 1 to 4 actions");
            return actions;
        }
        for (int i = 0; i < node.size(); i++) {
            Action action = action(at + "/" + i, node.get(i));
            if (action != null) {
                actions.add(action);
            }
        }
        return actions;
    }

    private @Nullable Action action(String at, JsonNode node) {
        String verb = node.path("do").asText("");
        Set<String> allowed = switch (verb) {
            case "throttle" -> Set.of("do", "rate", "kbps");
            case "block_categories" -> Set.of("do", "categories");
            default -> Set.of("do");
        };
        if (!faults.members(at, node, allowed)) {
            return null;
        }
        return switch (verb) {
            case "notify" -> new Action.Notify();
            case "pause" -> new Action.Pause();
            case "suspend" -> new Action.Suspend();
            case "ask" -> new Action.Ask();
            case "block_background" -> new Action.BlockBackground();
            case "block_zone" -> new Action.BlockZone();
            case "block_categories" -> {
                Set<String> categories = faults.names(at + "/categories", node.path("categories"));
                yield faults.made(at, () -> new Action.BlockCategories(categories));
            }
            case "throttle" -> throttle(at, node);
            default -> {
                faults.add(
                        at + "/do",
                        "one of notify, throttle, block_background, block_categories, block_zone, pause, ask, suspend");
                yield null;
            }
        };
    }

    private @Nullable Action throttle(String at, JsonNode node) {
        JsonNode rate = node.path("rate");
        JsonNode down = node.has("kbps") ? node.path("kbps") : rate.path("down");
        JsonNode up = node.has("kbps") ? node.path("kbps") : rate.path("up");
        if (node.has("kbps") == node.has("rate") || !down.isInt() || !up.isInt()) {
            faults.add(at, "a rate with up and down, whole numbers of kbit/s");
            return null;
        }
        return faults.made(at, () -> new Action.Throttle(new Speed(down.intValue(), up.intValue())));
    }
}
