package dev.octroi.quota.decide;

import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.drain.Verdict;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Speed;
import dev.octroi.policy.Until;
import dev.octroi.quota.account.DrainHold;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is held back for an incident of the detector's. */
final class DrainHolds {
    private DrainHolds() {}

    /** What holds for an incident. */
    static List<Restriction> of(Draft draft, int incident) {
        return draft.restrictions().stream()
                .filter(each -> DrainHold.isOf(each.id(), incident))
                .toList();
    }

    /** Whether a step holds more back than is held back for an incident. */
    static boolean isStricter(Draft draft, int incident, DrainPolicy step) {
        Level level = level(step);
        return level != Level.NORMAL
                && of(draft, incident).stream().allMatch(each -> each.level().compareTo(level) < 0);
    }

    /** Whether it does, or blocks a category that is not blocked. */
    static boolean addsTo(Draft draft, Verdict.Alarm alarm, DrainPolicy step) {
        String category = alarm.category().word();
        return isStricter(draft, alarm.incidentId(), step)
                || (step == DrainPolicy.SUSPEND_CATEGORY
                        && of(draft, alarm.incidentId()).stream()
                                .noneMatch(each -> category.equals(each.category())
                                        || each.level().compareTo(Level.BACKGROUND_BLOCKED) > 0));
    }

    /**
     * Holds back what a step says; one that only tells holds nothing.
     *
     * @param usedAt when what drained was used
     */
    static void place(Draft draft, Verdict.Alarm alarm, DrainPolicy step, Instant usedAt) {
        Level level = level(step);
        if (level != Level.NORMAL) {
            restrict(draft, alarm, level, step == DrainPolicy.THROTTLE ? PlanTerms.DRAIN_SPEED : null, usedAt);
        }
    }

    /** Whether a hold for what was used then has not run out already: a feed may tell of yesterday. */
    static boolean isTimely(Draft draft, Instant usedAt) {
        return until(draft, usedAt).isAfter(draft.now);
    }

    /** A hold lasts from the use on for which it is. */
    private static Instant until(Draft draft, Instant usedAt) {
        Instant from = usedAt.isBefore(draft.now) ? usedAt : draft.now;
        return from.plus(draft.terms.drainTerms().hold(draft.terms.validity()));
    }

    private static Level level(DrainPolicy step) {
        return switch (step) {
            case NOTIFY, ASK -> Level.NORMAL;
            case THROTTLE -> Level.THROTTLED;
            case SUSPEND_CATEGORY -> Level.BACKGROUND_BLOCKED;
            case SUSPEND -> Level.SUSPENDED_DATA;
        };
    }

    /**
     * Holds for the plan's hours. What is held already is made stronger or longer, never weaker: a category is held beside others, and
     * beside the speed from before.
     */
    private static void restrict(Draft draft, Verdict.Alarm alarm, Level level, @Nullable Speed speed, Instant usedAt) {
        int incident = alarm.incidentId();
        String category = alarm.category().word();
        List<Restriction> before = of(draft, incident);
        if (before.stream().noneMatch(each -> each.level().compareTo(level) > 0)) {
            boolean ofCategory = level == Level.BACKGROUND_BLOCKED;
            String id = ofCategory ? DrainHold.id(incident, category) : DrainHold.id(incident);
            Instant longest = before.stream()
                    .map(Restriction::until)
                    .filter(Until.At.class::isInstance)
                    .map(until -> ((Until.At) until).instant())
                    .reduce(until(draft, usedAt), (one, other) -> one.isBefore(other) ? other : one);
            Restriction hold = hold(draft, id, alarm.kind().word(), level, speed, category, usedAt)
                    .until(new Until.At(longest));
            before.stream()
                    .filter(each -> !each.id().equals(id))
                    .forEach(each -> draft.restrict(each.until(hold.until())));
            draft.restrict(hold);
        }
        draft.drain().response().hold(incident);
    }

    /** Holds for the plan's hours, from the use on for which it is. */
    static Restriction hold(
            Draft draft,
            String id,
            String reason,
            Level level,
            @Nullable Speed speed,
            @Nullable String category,
            Instant usedAt) {
        return new Restriction(
                id,
                RestrictionClass.DRAIN,
                "drain." + reason,
                level,
                speed,
                null,
                null,
                category,
                draft.now,
                new Until.At(until(draft, usedAt)));
    }
}
