package dev.octroi.quota;

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
                    restrict(draft, rule, ":throttle", Level.THROTTLED, throttle.speed(), null, until);
                case Action.BlockBackground block ->
                    restrict(draft, rule, ":background", Level.BACKGROUND_BLOCKED, null, null, until);
                case Action.BlockCategories block -> {
                    for (String category : new TreeSet<>(block.categories())) {
                        restrict(draft, rule, ":block." + category, Level.BACKGROUND_BLOCKED, null, category, until);
                    }
                }
                case Action.BlockZone block -> blockZone(draft, rule, until);
                case Action.Pause pause -> restrict(draft, rule, ":pause", Level.SUSPENDED_DATA, null, null, until);
                case Action.Ask ask -> restrict(draft, rule, ASK, Level.SUSPENDED_DATA, null, null, until);
                case Action.Suspend suspend ->
                    restrict(draft, rule, ":suspend", Level.SUSPENDED_ALL, null, null, until);
            }
        }
    }

    /** A zone is closed while the device is in it: it is opened with leaving, and closed with coming back. */
    static void blockZone(Draft draft, Rule rule, Until until) {
        String id = PREFIX + RuleWatch.key(rule) + ZONE;
        Place place = draft.place;
        boolean inside = place != null
                && (rule.when().where().zones().contains(place.country())
                        || (place.zoneId() != null
                                && rule.when().where().zones().contains(place.zoneId())));
        if (!inside) {
            draft.release(each -> each.id().equals(id));
        } else if (!draft.holds(id)) {
            restrict(draft, rule, ZONE, Level.SUSPENDED_DATA, null, null, until);
        }
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
                null,
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
