package dev.octroi.quota.decide;

import dev.octroi.policy.Condition;
import dev.octroi.policy.Rule;
import dev.octroi.quota.account.RollingWindow;
import dev.octroi.quota.account.RuleCount;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Rules on how much was used over a window. */
final class RuleLimits {
    private RuleLimits() {}

    /** Acts when the limit is reached, once in each window. */
    static void reached(Draft draft, Rule rule, Condition.Used used) {
        Instant windowStart = RuleSums.windowStart(draft, used);
        if (windowStart == null || RuleEnds.isOver(draft, rule)) {
            return;
        }
        RuleCount count = RuleWatch.count(draft, rule).at(windowStart);
        long amount = RuleSums.amount(draft, used, count);
        if (count.fired() || amount < used.over()) {
            return;
        }
        Instant nextAt = used.window() == Rule.Window.ROLLING ? fallsBelowAt(draft, used, count) : null;
        draft.ruleCounts.put(RuleWatch.key(rule), count.fired(true, nextAt));
        RuleActs.restrict(draft, rule, RuleEnds.of(draft, rule, count));
        draft.raise("usage.threshold_reached", RuleWords.reached(rule, used, amount));
    }

    /** What was used meanwhile keeps a rolling window over its limit for longer; it is told once. */
    static void rolled(Draft draft, Rule rule, Condition.Used used) {
        RuleCount count = RuleWatch.count(draft, rule);
        Instant before = count.nextAt();
        if (!count.fired() || before == null) {
            reached(draft, rule, used);
            return;
        }
        Instant after = fallsBelowAt(draft, used, count);
        draft.ruleCounts.put(RuleWatch.key(rule), count.fired(after != null, after));
        if (after != null) {
            String key = RuleWatch.key(rule);
            // An end that somebody named is no end of the window.
            if (!(rule.until() instanceof Rule.End.Moment)) {
                Dwell.postpone(draft, before, after, each -> key.equals(each.ruleId()));
            }
        }
    }

    /** Whether the rule acted in the window at hand. */
    static boolean hasActed(Draft draft, Rule rule, Condition.Used used) {
        Instant start = RuleSums.windowStart(draft, used);
        return start != null && RuleWatch.count(draft, rule).at(start).fired();
    }

    private static @Nullable Instant fallsBelowAt(Draft draft, Condition.Used used, RuleCount count) {
        return RollingWindow.fallsBelowAt(count.slots(), used.rollingHours(), used.over(), draft.now);
    }
}
