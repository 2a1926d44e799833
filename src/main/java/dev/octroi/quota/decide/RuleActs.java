package dev.octroi.quota.decide;

import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Speed;
import dev.octroi.policy.Until;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a rule restricts when it acts. */
final class RuleActs {
    private static final String PREFIX = "rule:";
    private static final String ASK = ":ask";
    private static final String ZONE = ":zone";

    private RuleActs() {}

    static void restrict(Draft draft, Rule rule, Until until) {
        for (Action action : rule.then()) {
            switch (action) {
                case Action.Notify notify -> {}
                case Action.Throttle throttle ->
                    restrict(draft, rule, ":throttle", Level.THROTTLED, throttle.speed(), null, null, until);
                case Action.BlockBackground block ->
                    restrict(draft, rule, ":background", Level.BACKGROUND_BLOCKED, null, null, null, until);
                case Action.BlockCategories block -> {
                    for (String category : new TreeSet<>(block.categories())) {
                        restrict(
                                draft,
                                rule,
                                ":block." + category,
                                Level.BACKGROUND_BLOCKED,
                                null,
                                null,
                                category,
                                until);
                    }
                }
                case Action.BlockZone block -> RulePlaces.block(draft, rule, until);
                case Action.Pause pause ->
                    restrict(draft, rule, ":pause", Level.SUSPENDED_DATA, null, null, null, until);
                case Action.Ask ask -> restrict(draft, rule, ASK, Level.SUSPENDED_DATA, null, null, null, until);
                case Action.Suspend suspend ->
                    restrict(draft, rule, ":suspend", Level.SUSPENDED_ALL, null, null, null, until);
            }
        }
    }

    /**
     * Data stops in a place.
     *
     * @param zoneId the zone or country, where leaving it opens it; null where the rule itself knows when
     */
    static void closeZone(Draft draft, Rule rule, @Nullable String zoneId, Until until) {
        restrict(draft, rule, ZONE, Level.SUSPENDED_DATA, null, zoneId, null, until);
    }

    /** The one zone that a rule closes. */
    static String zoneId(Rule rule) {
        return PREFIX + RuleWatch.key(rule) + ZONE;
    }

    /** Whether the traveller may say "go on" to it, whoever wrote the rule. */
    static boolean asks(Restriction restriction) {
        return restriction.ruleId() != null && restriction.id().endsWith(ASK);
    }

    private static void restrict(
            Draft draft,
            Rule rule,
            String suffix,
            Level level,
            @Nullable Speed speed,
            @Nullable String zoneId,
            @Nullable String category,
            Until until) {
        String key = RuleWatch.key(rule);
        draft.restrict(new Restriction(
                PREFIX + key + suffix,
                restrictionClass(rule, level),
                reason(rule, suffix),
                level,
                speed,
                key,
                zoneId,
                category,
                draft.now,
                until));
    }

    private static String reason(Rule rule, String suffix) {
        String cause = switch (rule.when()) {
            case Condition.Used used -> "limit_reached";
            case Condition.During during -> during.where().hours() == null ? "place" : "hours";
            case Condition.Happened happened -> happened.occasion().word();
        };
        return rule.owner().word() + "." + (suffix.equals(ASK) ? "ask_first" : cause);
    }

    private static RestrictionClass restrictionClass(Rule rule, Level level) {
        if (rule.owner() == Rule.Owner.USER) {
            return RestrictionClass.USER_CAP;
        }
        if (level == Level.SUSPENDED_ALL) {
            return RestrictionClass.ADMINISTRATIVE;
        }
        if (rule.when() instanceof Condition.During during) {
            return during.where().hours() == null ? RestrictionClass.ZONE : RestrictionClass.TIME_WINDOW;
        }
        return RestrictionClass.FAIR_USE;
    }
}
