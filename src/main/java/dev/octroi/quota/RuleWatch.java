package dev.octroi.quota;

import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleSet;
import dev.octroi.policy.Speed;
import dev.octroi.policy.Until;
import java.time.Instant;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Watches the limits that people set. */
final class RuleWatch {
    private RuleWatch() {}

    /** Replaces an owner's rules. Rules that stay as they were keep their count; the others begin anew. */
    static Reply replace(Draft draft, AccountCommand.PutRules command) {
        RuleSet before = draft.rules.getOrDefault(command.owner(), new RuleSet(command.owner(), 0, List.of()));
        Long expected = command.expectedVersion();
        if (expected != null && expected != before.version()) {
            return new Reply.Refused(
                    Refusal.STALE_VERSION, "The rules are at version " + before.version() + " by now.");
        }
        if (before.version() > 0 && before.rules().equals(command.rules())) {
            return Reply.REPEATED;
        }
        RuleSet after;
        try {
            after = new RuleSet(command.owner(), before.version() + 1, command.rules());
        } catch (IllegalArgumentException e) {
            return new Reply.Refused(Refusal.INVALID_RULES, "These rules cannot stand: " + e.getMessage() + ".");
        }
        draft.rules.put(command.owner(), after);
        forgetChanged(draft, before, after);
        draft.audit(
                command.actor(),
                "rules.replaced",
                null,
                Map.of(
                        "owner", command.owner().word(),
                        "version", after.version(),
                        "before",
                                before.rules().stream().map(RuleWatch::describe).toList(),
                        "after", after.rules().stream().map(RuleWatch::describe).toList()));
        for (Rule rule : after.rules()) {
            evaluate(draft, rule);
        }
        return Reply.DONE;
    }

    /** Bytes were counted: adds them to the rules that count a part only, then looks at all limits. */
    static void counted(Draft draft, UsageRecord record, String zone, long bytes) {
        for (RuleSet set : draft.rules.values()) {
            for (Rule rule : set.rules()) {
                if (!rule.when().countsEverything()) {
                    addPart(draft, rule, record, zone, bytes);
                }
                evaluate(draft, rule);
            }
        }
    }

    private static void forgetChanged(Draft draft, RuleSet before, RuleSet after) {
        Set<Rule> kept = new HashSet<>(after.rules());
        for (Rule rule : before.rules()) {
            if (!kept.contains(rule)) {
                String key = key(rule);
                draft.ruleCounts.remove(key);
                draft.release(each -> key.equals(each.ruleId()));
            }
        }
    }

    private static void addPart(Draft draft, Rule rule, UsageRecord record, String zone, long bytes) {
        Instant windowStart = windowStart(draft, rule);
        if (windowStart == null || record.eventEnd().isBefore(windowStart) || !matches(draft, rule, record, zone)) {
            return;
        }
        RuleCount count =
                draft.ruleCounts.getOrDefault(key(rule), RuleCount.NEW).at(windowStart);
        draft.ruleCounts.put(key(rule), new RuleCount(count.start(), count.bytes() + bytes, count.fired()));
    }

    private static boolean matches(Draft draft, Rule rule, UsageRecord record, String zone) {
        Rule.When when = rule.when();
        Rule.Hours hours = when.hours();
        return (when.zones().isEmpty()
                        || when.zones().contains(zone)
                        || when.zones().contains(record.country()))
                && (when.categories().isEmpty()
                        || when.categories().contains(record.category().word()))
                && (hours == null || hours.contain(LocalTime.ofInstant(record.eventEnd(), draft.dayZone())));
    }

    private static void evaluate(Draft draft, Rule rule) {
        Instant windowStart = windowStart(draft, rule);
        if (windowStart == null) {
            return;
        }
        RuleCount count =
                draft.ruleCounts.getOrDefault(key(rule), RuleCount.NEW).at(windowStart);
        if (count.fired() || bytes(draft, rule, count) < rule.when().overBytes()) {
            return;
        }
        draft.ruleCounts.put(key(rule), new RuleCount(count.start(), count.bytes(), true));
        Until until = until(draft, rule);
        for (Rule.Action action : rule.then()) {
            switch (action) {
                case Rule.Action.Notify notify -> {}
                case Rule.Action.Throttle throttle ->
                    restrict(draft, rule, "throttle", Level.THROTTLED, throttle.speed(), until);
                case Rule.Action.Pause pause -> restrict(draft, rule, "pause", Level.SUSPENDED_DATA, null, until);
                case Rule.Action.Suspend suspend -> restrict(draft, rule, "suspend", Level.SUSPENDED_ALL, null, until);
            }
        }
        draft.raise("usage.threshold_reached", told(rule, bytes(draft, rule, count)));
    }

    private static void restrict(
            Draft draft, Rule rule, String action, Level level, @Nullable Speed speed, Until until) {
        draft.restrict(new Restriction(
                "rule:" + key(rule) + ":" + action,
                restrictionClass(rule, level),
                rule.owner().word() + ".limit_reached",
                level,
                speed,
                key(rule),
                null,
                null,
                draft.now,
                until));
    }

    private static RestrictionClass restrictionClass(Rule rule, Level level) {
        if (rule.owner() == Rule.Owner.USER) {
            return RestrictionClass.USER_CAP;
        }
        return level == Level.SUSPENDED_ALL ? RestrictionClass.ADMINISTRATIVE : RestrictionClass.FAIR_USE;
    }

    private static Until until(Draft draft, Rule rule) {
        Instant windowEnd = rule.when().window() == Rule.Window.PERIOD
                ? draft.endsAt
                : Windows.end(rule.when().window(), draft.now, draft.dayZone());
        return switch (rule.until()) {
            case WINDOW_END -> windowEnd == null ? new Until.Lifted() : new Until.At(windowEnd);
            case TOP_UP -> new Until.TopUp(windowEnd);
            case MANUAL -> new Until.Lifted();
        };
    }

    private static long bytes(Draft draft, Rule rule, RuleCount count) {
        if (!rule.when().countsEverything()) {
            return count.bytes();
        }
        return switch (rule.when().window()) {
            case HOUR -> draft.hour.bytes();
            case DAY -> draft.day.bytes();
            case WEEK -> draft.week.bytes();
            case PERIOD -> draft.usedBytes + draft.beyondBytes;
        };
    }

    private static @Nullable Instant windowStart(Draft draft, Rule rule) {
        return switch (rule.when().window()) {
            case HOUR -> draft.hour.start();
            case DAY -> draft.day.start();
            case WEEK -> draft.week.start();
            case PERIOD -> draft.startsAt;
        };
    }

    /** Whether a restriction's rule counts over the plan's period. */
    static boolean isForPeriod(Draft draft, @Nullable String ruleKey) {
        return ruleKey != null
                && draft.rules.values().stream()
                        .flatMap(set -> set.rules().stream())
                        .anyMatch(
                                rule -> key(rule).equals(ruleKey) && rule.when().window() == Rule.Window.PERIOD);
    }

    /** A rule's name within the account. */
    static String key(Rule rule) {
        return rule.owner().word() + ":" + rule.id();
    }

    private static Map<String, Object> told(Rule rule, long bytes) {
        Map<String, Object> data = new HashMap<>();
        data.put("limit", "rule");
        data.put("rule", rule.id());
        data.put("owner", rule.owner().word());
        data.put("window", rule.when().window().word());
        data.put("usedBytes", bytes);
        data.put("limitBytes", rule.when().overBytes());
        return data;
    }

    private static String describe(Rule rule) {
        StringBuilder text = new StringBuilder(rule.id())
                .append(": over ")
                .append(rule.when().overBytes())
                .append(" bytes a ")
                .append(rule.when().window().word());
        for (Rule.Action action : rule.then()) {
            text.append(
                    switch (action) {
                        case Rule.Action.Notify notify -> ", notify";
                        case Rule.Action.Throttle throttle ->
                            ", throttle to " + throttle.speed().downKbps() + "/"
                                    + throttle.speed().upKbps() + " kbit/s";
                        case Rule.Action.Pause pause -> ", pause";
                        case Rule.Action.Suspend suspend -> ", suspend";
                    });
        }
        return text.append(", until ").append(rule.until().word()).toString();
    }
}
