package dev.octroi.quota.decide;

import dev.octroi.policy.Condition;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleSet;
import dev.octroi.quota.account.Place;
import dev.octroi.quota.account.RuleCount;
import dev.octroi.quota.account.UsageRecord;
import java.time.Instant;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Watches the rules that people set. */
final class RuleWatch {
    private RuleWatch() {}

    /** A record was counted: adds it to the rules that count a part only, then looks at all limits. */
    static void counted(Draft draft, UsageRecord record, String zone, long bytes, long minor) {
        each(draft, Condition.Used.class, (rule, used) -> {
            if (!used.countsEverything()) {
                RuleSums.add(draft, rule, used, record, zone, bytes, minor);
            }
            RuleLimits.reached(draft, rule, used);
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

    /**
     * The device is somewhere else.
     *
     * @param before where it was; null: nobody knew
     */
    static void placed(Draft draft, @Nullable Place before) {
        each(draft, Condition.During.class, (rule, during) -> RulePlaces.during(draft, rule, during.where(), false));
        each(draft, Condition.class, (rule, when) -> RulePlaces.moved(draft, rule, before));
    }

    /** Somebody said that the device is in another time zone. */
    static void rezoned(Draft draft) {
        each(draft, Condition.During.class, (rule, during) -> RulePlaces.during(draft, rule, during.where(), true));
    }

    /** Something happened. */
    static void happened(Draft draft, Condition.Occasion occasion) {
        each(draft, Condition.Happened.class, (rule, happened) -> {
            if (happened.occasion() == occasion
                    && !RuleEnds.isOver(draft, rule)
                    && RulePlaces.isHere(draft, happened.where())) {
                RuleActs.restrict(draft, rule, RuleEnds.of(draft, rule, RuleCount.NEW));
                draft.raise("rule.applied", RuleWords.acted(rule));
            }
        });
    }

    /** Whether it is what a rule does that acts on something that happens. */
    static boolean isOfOccasion(Draft draft, Restriction restriction, Condition.Occasion occasion) {
        return restriction.ruleId() != null
                && draft.rules.values().stream()
                        .flatMap(set -> set.rules().stream())
                        .anyMatch(rule -> key(rule).equals(restriction.ruleId())
                                && rule.when() instanceof Condition.Happened happened
                                && happened.occasion() == occasion);
    }

    /** Looks at a rule without news of the account. */
    static void look(Draft draft, Rule rule) {
        switch (rule.when()) {
            case Condition.Used used -> {
                if (used.window() == Rule.Window.ROLLING) {
                    RuleLimits.rolled(draft, rule, used);
                } else {
                    RuleLimits.reached(draft, rule, used);
                }
            }
            case Condition.During during -> RulePlaces.during(draft, rule, during.where(), false);
            case Condition.Happened happened -> {}
        }
    }

    /** Where a rule stands. */
    static RuleCount count(Draft draft, Rule rule) {
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

    /** Whether an owner's rule caused it. */
    static boolean isOf(Rule.Owner owner, Restriction restriction) {
        String rule = restriction.ruleId();
        return rule != null && rule.startsWith(owner.word() + ":");
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
}
