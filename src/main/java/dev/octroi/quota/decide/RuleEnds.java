package dev.octroi.quota.decide;

import dev.octroi.policy.Condition;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Until;
import dev.octroi.policy.Where;
import dev.octroi.quota.account.RollingWindow;
import dev.octroi.quota.account.RuleCount;
import dev.octroi.quota.account.Windows;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import org.jspecify.annotations.Nullable;

/** When what a rule does ends, and when its hours begin and end. */
final class RuleEnds {
    private RuleEnds() {}

    static Until of(Draft draft, Rule rule, RuleCount count) {
        if (rule.when() instanceof Condition.During during) {
            Where.Hours hours = during.where().hours();
            return hours == null
                    ? new Until.ZoneLeft()
                    : new Until.At(Dwell.atLeast(draft, nextBoundary(draft, hours)));
        }
        Instant end = windowEnd(draft, rule.when(), count);
        Instant windowEnd = end == null ? null : Dwell.atLeast(draft, end);
        return switch (rule.until()) {
            case Rule.End.WindowEnd e -> windowEnd == null ? new Until.Lifted() : new Until.At(windowEnd);
            case Rule.End.TopUp e ->
                rule.endsWithTopUp()
                        ? new Until.TopUp(windowEnd)
                        : windowEnd == null ? new Until.Lifted() : new Until.At(windowEnd);
            case Rule.End.Manual e -> new Until.Lifted();
            case Rule.End.Moment moment -> new Until.At(moment.at());
        };
    }

    /** Whether the rule's moment has passed: it does not act any more. */
    static boolean isOver(Draft draft, Rule rule) {
        return rule.until() instanceof Rule.End.Moment moment && !draft.now.isBefore(moment.at());
    }

    /** The next moment at which hours begin or end, or clocks change. */
    static Instant nextBoundary(Draft draft, Where.Hours hours) {
        ZoneId zone = draft.dayZone();
        boolean inside = hours.contain(LocalTime.ofInstant(draft.now, zone));
        LocalTime time = inside ? hours.to() : hours.from();
        ZonedDateTime today = LocalDate.ofInstant(draft.now, zone).atTime(time).atZone(zone);
        Instant next = today.toInstant();
        if (!next.isAfter(draft.now)) {
            // A time that comes twice.
            next = today.withLaterOffsetAtOverlap().toInstant();
        }
        if (!next.isAfter(draft.now)) {
            next = LocalDate.ofInstant(draft.now, zone)
                    .plusDays(1)
                    .atTime(time)
                    .atZone(zone)
                    .toInstant();
        }
        ZoneOffsetTransition change = zone.getRules().nextTransition(draft.now);
        return change != null && change.getInstant().isBefore(next) ? change.getInstant() : next;
    }

    private static @Nullable Instant windowEnd(Draft draft, Condition when, RuleCount count) {
        if (!(when instanceof Condition.Used used)) {
            return Windows.end(Rule.Window.DAY, draft.now, draft.dayZone());
        }
        return switch (used.window()) {
            case PERIOD -> draft.endsAt;
            case ROLLING -> RollingWindow.fallsBelowAt(count.slots(), used.rollingHours(), used.over(), draft.now);
            case HOUR, DAY, WEEK -> Windows.end(used.window(), draft.now, draft.dayZone());
        };
    }
}
