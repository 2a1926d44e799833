package dev.octroi.quota;

import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleSet;
import dev.octroi.policy.Where;
import java.time.Instant;
import java.time.LocalTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Watches the rules that people set. */
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
                        "owner",
                        command.owner().word(),
                        "version",
                        after.version(),
                        "before",
                        RuleWords.audited(before.rules()),
                        "after",
                        RuleWords.audited(after.rules())));
        for (Rule rule : after.rules()) {
            look(draft, rule);
        }
        return Reply.DONE;
    }

    /** A record was counted: adds it to the rules that count a part only, then looks at all limits. */
    static void counted(Draft draft, UsageRecord record, String zone, long bytes, long minor) {
        each(draft, Condition.Used.class, (rule, used) -> {
            if (!used.countsEverything()) {
                RuleSums.add(draft, rule, used, record, zone, bytes, minor);
            }
            reached(draft, rule, used);
        });
    }

    /** Time has passed: hours begin and end, rolling windows move on. */
    static void advance(Draft draft) {
        for (RuleSet set : draft.rules.values()) {
            for (Rule rule : set.rules()) {
                Instant nextAt = count(draft, rule).nextAt();
                if (nextAt != null && !draft.now.isBefore(nextAt)) {
                    look(draft, rule);
                }
            }
        }
    }

    /** The device is somewhere else, or its clock shows another time of day. */
    static void placed(Draft draft) {
        each(draft, Condition.During.class, (rule, during) -> during(draft, rule, during.where()));
        each(draft, Condition.Used.class, (rule, used) -> {
            Instant start = RuleSums.windowStart(draft, used);
            RuleCount count = count(draft, rule);
            if (rule.then().contains(new Action.BlockZone())
                    && start != null
                    && count.at(start).fired()) {
                RuleActs.blockZone(draft, rule, RuleEnds.of(draft, rule, count));
            }
        });
    }

    /** Something happened. */
    static void happened(Draft draft, Condition.Occasion occasion) {
        each(draft, Condition.Happened.class, (rule, happened) -> {
            if (happened.occasion() == occasion && !RuleEnds.isOver(draft, rule) && isHere(draft, happened.where())) {
                RuleActs.restrict(draft, rule, RuleEnds.of(draft, rule, RuleCount.NEW));
                draft.raise("rule.applied", RuleWords.acted(rule));
            }
        });
    }

    private static void look(Draft draft, Rule rule) {
        switch (rule.when()) {
            case Condition.Used used -> {
                if (used.window() == Rule.Window.ROLLING) {
                    rolled(draft, rule, used);
                } else {
                    reached(draft, rule, used);
                }
            }
            case Condition.During during -> during(draft, rule, during.where());
            case Condition.Happened happened -> {}
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

    private static void reached(Draft draft, Rule rule, Condition.Used used) {
        Instant windowStart = RuleSums.windowStart(draft, used);
        if (windowStart == null || RuleEnds.isOver(draft, rule)) {
            return;
        }
        RuleCount count = count(draft, rule).at(windowStart);
        long amount = RuleSums.amount(draft, used, count);
        if (count.fired() || amount < used.over()) {
            return;
        }
        Instant nextAt = used.window() == Rule.Window.ROLLING
                ? RollingWindow.fallsBelowAt(count.slots(), used.rollingHours(), used.over(), draft.now)
                : null;
        draft.ruleCounts.put(key(rule), count.fired(true, nextAt));
        RuleActs.restrict(draft, rule, RuleEnds.of(draft, rule, count));
        draft.raise("usage.threshold_reached", RuleWords.reached(rule, used, amount));
    }

    /** What was used meanwhile keeps a rolling window over its limit for longer; it is told once. */
    private static void rolled(Draft draft, Rule rule, Condition.Used used) {
        RuleCount count = count(draft, rule);
        Instant before = count.nextAt();
        Instant after = RollingWindow.fallsBelowAt(count.slots(), used.rollingHours(), used.over(), draft.now);
        if (!count.fired() || before == null) {
            reached(draft, rule, used);
            return;
        }
        draft.ruleCounts.put(key(rule), count.fired(after != null, after));
        if (after != null) {
            draft.postpone(before, after, each -> key(rule).equals(each.ruleId()));
        }
    }

    /** Acts when place and hours begin to hold, ends when they end; what somebody lifted meanwhile stays lifted. */
    private static void during(Draft draft, Rule rule, Where where) {
        RuleCount count = count(draft, rule);
        boolean holds = isHere(draft, where);
        Where.Hours hours = where.hours();
        Instant nextAt = hours == null ? null : RuleEnds.nextBoundary(draft, hours);
        String key = key(rule);
        if (holds && !count.fired()) {
            RuleActs.restrict(draft, rule, RuleEnds.of(draft, rule, count));
            draft.raise("rule.applied", RuleWords.acted(rule));
        } else if (!holds && count.fired()) {
            draft.release(each -> key.equals(each.ruleId()));
        } else if (holds && nextAt != null && count.nextAt() != null) {
            // Clocks change, or the day has another midnight now: the end moves.
            draft.postpone(count.nextAt(), nextAt, each -> key.equals(each.ruleId()));
        }
        RuleCount after = count.fired(holds, nextAt);
        if (!after.equals(count)) {
            draft.ruleCounts.put(key, after);
        }
    }

    private static boolean isHere(Draft draft, Where where) {
        LocalTime time = LocalTime.ofInstant(draft.now, draft.dayZone());
        Place place = draft.place;
        return place == null
                ? where.containsAnywhere(time)
                : where.contains(place.zoneId(), place.country(), place.plmn(), time);
    }

    private static <C extends Condition> void each(Draft draft, Class<C> kind, BiConsumer<Rule, C> act) {
        for (RuleSet set : draft.rules.values()) {
            for (Rule rule : set.rules()) {
                if (kind.isInstance(rule.when())) {
                    act.accept(rule, kind.cast(rule.when()));
                }
            }
        }
    }

    private static RuleCount count(Draft draft, Rule rule) {
        return draft.ruleCounts.getOrDefault(key(rule), RuleCount.NEW);
    }

    /** Whether a restriction's rule counts over the plan's period. */
    static boolean isForPeriod(Draft draft, @Nullable String ruleKey) {
        return ruleKey != null
                && draft.rules.values().stream()
                        .flatMap(set -> set.rules().stream())
                        .anyMatch(rule -> key(rule).equals(ruleKey)
                                && rule.when() instanceof Condition.Used used
                                && used.window() == Rule.Window.PERIOD);
    }

    /** A rule's name within the account. */
    static String key(Rule rule) {
        return rule.owner().word() + ":" + rule.id();
    }
}
