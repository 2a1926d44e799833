package dev.octroi.quota.decide;

import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Until;
import dev.octroi.policy.Where;
import dev.octroi.quota.account.Place;
import dev.octroi.quota.account.RuleCount;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules on where the device is and what time it is there, and zones that rules close. */
final class RulePlaces {
    private RulePlaces() {}

    /**
     * Acts when place and hours begin to hold, ends when they end; what somebody lifted meanwhile stays lifted.
     *
     * @param isAct whether somebody's act is the reason to look; what ends with it does not wait for its minute
     */
    static void during(Draft draft, Rule rule, Where where, boolean isAct) {
        RuleCount count = RuleWatch.count(draft, rule);
        boolean holds = isHere(draft, where);
        Where.Hours hours = where.hours();
        Instant nextAt = hours == null ? null : RuleEnds.nextBoundary(draft, hours);
        String key = RuleWatch.key(rule);
        if (holds && !count.fired()) {
            RuleActs.restrict(draft, rule, RuleEnds.of(draft, rule, count));
            draft.raise("rule.applied", RuleWords.acted(rule));
        } else if (!holds && count.fired()) {
            Instant end = Dwell.endOf(draft, each -> key.equals(each.ruleId()));
            if (!isAct && end.isAfter(draft.now)) {
                draft.ruleCounts.put(key, count.fired(true, end));
                return;
            }
            draft.release(each -> key.equals(each.ruleId()));
        } else if (holds && nextAt != null && count.nextAt() != null) {
            // Clocks change, or the day has another midnight now: the end moves.
            Dwell.postpone(draft, count.nextAt(), nextAt, each -> key.equals(each.ruleId()));
        }
        RuleCount after = count.fired(holds, nextAt);
        if (!after.equals(count)) {
            draft.ruleCounts.put(key, after);
        }
    }

    /** Whether the device is there, and it is that time. */
    static boolean isHere(Draft draft, Where where) {
        LocalTime time = LocalTime.ofInstant(draft.now, draft.dayZone());
        Place place = draft.place;
        return place == null
                ? where.containsAnywhere(time)
                : where.contains(place.zoneId(), place.country(), place.plmn(), time);
    }

    /**
     * The device is somewhere else: zones that rules close are opened behind it and closed before it.
     *
     * @param before where it was; null: nobody knew
     */
    static void moved(Draft draft, Rule rule, @Nullable Place before) {
        if (!rule.then().contains(new Action.BlockZone())) {
            return;
        }
        switch (rule.when()) {
            case Condition.Used used -> {
                // Another network of the same place is no new visit: what somebody opened meanwhile stays open.
                boolean stayed = isIn(before, used.where()) && isIn(draft.place, used.where());
                if (!stayed && RuleLimits.hasActed(draft, rule, used)) {
                    block(draft, rule, RuleEnds.of(draft, rule, RuleWatch.count(draft, rule)));
                }
            }
            case Condition.Happened happened -> {
                Restriction held = held(draft, rule);
                if (held != null && held.zoneId() != null && !isStillIn(draft.place, held.zoneId())) {
                    open(draft, held);
                }
            }
            // It ends with the place that the rule names, as everything that the rule does.
            case Condition.During during -> {}
        }
    }

    /** Closes the place where a rule acts: the one that a limit names, after an event the one where the device is. */
    static void block(Draft draft, Rule rule, Until until) {
        Restriction held = held(draft, rule);
        if (!(rule.when() instanceof Condition.Used used)) {
            RuleActs.closeZone(
                    draft, rule, rule.when() instanceof Condition.Happened ? closedZone(draft, held) : null, until);
        } else if (!isIn(draft.place, used.where())) {
            if (held != null) {
                open(draft, held);
            }
        } else if (held == null) {
            RuleActs.closeZone(draft, rule, null, until);
        } else if (Dwell.isWaiting(draft, held)) {
            draft.restrict(held.until(until));
        }
    }

    private static void open(Draft draft, Restriction held) {
        if (Dwell.holds(draft, held)) {
            draft.restrict(held.until(new Until.At(Dwell.endOf(draft, held))));
        } else {
            draft.release(each -> each.id().equals(held.id()));
        }
    }

    private static @Nullable Restriction held(Draft draft, Rule rule) {
        String id = RuleActs.zoneId(rule);
        return List.copyOf(draft.restrictions()).stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    /** The hours of a limit say what it counts; what it closes is closed all day. */
    private static boolean isIn(@Nullable Place place, Where where) {
        return place != null
                && new Where(where.zones(), where.networks(), null, where.categories())
                        .contains(place.zoneId(), place.country(), place.plmn(), LocalTime.MIDNIGHT);
    }

    /** What an event closes: where the device is, or what is closed already around it. */
    private static @Nullable String closedZone(Draft draft, @Nullable Restriction held) {
        String before = held == null ? null : held.zoneId();
        return before != null && isStillIn(draft.place, before) ? before : zone(draft.place);
    }

    /** A zone of the plan lies in a country: entering it does not leave the country. */
    private static boolean isStillIn(@Nullable Place place, String closed) {
        return place != null && (closed.equals(place.zoneId()) || closed.equals(place.country()));
    }

    private static @Nullable String zone(@Nullable Place place) {
        return place == null ? null : place.zoneId() != null ? place.zoneId() : place.country();
    }
}
