package dev.octroi.quota.decide;

import dev.octroi.catalog.FairUse;
import dev.octroi.catalog.Renewal;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleSet;
import dev.octroi.quota.account.Counter;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.account.RuleCount;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.account.Windows;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What was counted in a week, in a month or in a window of the plan stays counted in it when the time zone moves: the same week
 * begins later in the west, and that is no new one.
 */
final class ZoneMove {
    private ZoneMove() {}

    /** Whether the week, the month and the plan's window that run until a moment have all begun by then in another zone. */
    static boolean hasBegun(Draft draft, ZoneId next, Instant at) {
        Instant last = at.minusNanos(1);
        ZoneId before = draft.planZone();
        ZoneId after = draft.lenderZone == null ? draft.terms.dayZone().of(next) : before;
        ZoneId days = draft.dayZone();
        Instant week = Windows.sameDate(
                Windows.weekStart(last, days), days, draft.terms.dayZone().of(next));
        Instant month = Windows.sameDate(Windows.monthStart(last, before), before, after);
        Renewal renewal = draft.terms.renewal();
        Instant startsAt = draft.startsAt;
        Instant window = renewal == null || startsAt == null
                ? week
                : renewal.sameWindow(startsAt, renewal.windowStart(startsAt, last, before), before, after);
        return !week.isAfter(at) && !month.isAfter(at) && !window.isAfter(at);
    }

    /**
     * The account's zone has changed. Days are not among it: the running one is over.
     *
     * @param daysBefore the zone of its days and weeks until now
     * @param planBefore that of the plan's months and windows
     */
    static void take(Draft draft, ZoneId daysBefore, ZoneId planBefore) {
        if (!daysBefore.equals(draft.dayZone())) {
            week(draft, daysBefore, draft.dayZone());
        }
        if (!planBefore.equals(draft.planZone())) {
            month(draft, planBefore, draft.planZone());
            window(draft, planBefore, draft.planZone());
        }
    }

    /** The same for a member of a shared account, whose cap may be over the windows of the owner's plan. */
    static void lent(Draft draft, ZoneId before, ZoneId after) {
        Renewal renewal = draft.terms.renewal();
        Instant startsAt = draft.startsAt;
        if (renewal == null
                || startsAt == null
                || !(draft.share instanceof Share.Member member)
                || member.windowStart() == null) {
            return;
        }
        Instant start = renewal.sameWindow(startsAt, member.windowStart(), before, after);
        if (start.isAfter(draft.now)) {
            return;
        }
        postpone(
                draft,
                Allowances.windowEnd(draft, member.windowStart(), before),
                Allowances.windowEnd(draft, start, after),
                each -> each.id().equals(MemberWatch.CAP) && isCapped(draft, MemberCap.Window.PLAN));
        draft.share = member.inWindow(start, member.windowBaseBytes());
    }

    private static void week(Draft draft, ZoneId before, ZoneId after) {
        Counter week = draft.week;
        Instant start = moved(draft, week.start(), before, after);
        draft.week = week.moved(start);
        for (RuleSet set : draft.rules.values()) {
            for (Rule rule : set.rules()) {
                RuleCount count = draft.ruleCounts.get(RuleWatch.key(rule));
                if (count != null && isForWeek(rule)) {
                    draft.ruleCounts.put(RuleWatch.key(rule), count.moved(moved(draft, count.start(), before, after)));
                }
            }
        }
        if (!start.equals(week.start())) {
            draft.postpone(
                    Windows.end(Rule.Window.WEEK, week.start(), before),
                    Windows.end(Rule.Window.WEEK, start, after),
                    each -> isForWeek(draft, each));
        }
    }

    private static void month(Draft draft, ZoneId before, ZoneId after) {
        Instant month = draft.charges.month();
        if (month == null) {
            return;
        }
        Instant start = moved(draft, month, before, after);
        draft.charges = draft.charges.moved(start);
        draft.postpone(
                OverageWatch.monthEnd(month, before),
                OverageWatch.monthEnd(start, after),
                each -> each.id().equals(OverageWatch.LIMIT));
    }

    private static void window(Draft draft, ZoneId before, ZoneId after) {
        Renewal renewal = draft.terms.renewal();
        Instant startsAt = draft.startsAt;
        Instant renewedAt = draft.renewedAt;
        if (renewal == null || startsAt == null || renewedAt == null) {
            return;
        }
        Instant start = renewal.sameWindow(startsAt, renewedAt, before, after);
        if (start.isAfter(draft.now)) {
            return;
        }
        postpone(
                draft,
                Allowances.windowEnd(draft, renewedAt, before),
                Allowances.windowEnd(draft, start, after),
                each -> each.id().equals(Thresholds.QUOTA_USED));
        draft.renewedAt = start;
    }

    private static void postpone(
            Draft draft, @Nullable Instant before, @Nullable Instant after, Predicate<Restriction> which) {
        if (before != null && after != null) {
            draft.postpone(before, after, which);
        }
    }

    /** The same date's beginning; one that is still to come begins nothing. */
    private static Instant moved(Draft draft, Instant start, ZoneId before, ZoneId after) {
        if (start.equals(Instant.MIN)) {
            return start;
        }
        Instant moved = Windows.sameDate(start, before, after);
        return moved.isAfter(draft.now) ? start : moved;
    }

    private static boolean isForWeek(Rule rule) {
        return rule.when() instanceof Condition.Used used && used.window() == Rule.Window.WEEK;
    }

    /** Whether it ends with the week. */
    private static boolean isForWeek(Draft draft, Restriction restriction) {
        FairUse fairUse = draft.terms.fairUse();
        return switch (restriction.id()) {
            case FairUseWatch.ID -> fairUse != null && fairUse.window() == FairUse.Window.WEEK;
            case MemberWatch.CAP -> isCapped(draft, MemberCap.Window.WEEK);
            default -> isOfRuleForWeek(draft, restriction.ruleId());
        };
    }

    private static boolean isOfRuleForWeek(Draft draft, @Nullable String ruleKey) {
        return ruleKey != null
                && draft.rules.values().stream()
                        .flatMap(set -> set.rules().stream())
                        // An end that somebody named is no end of the week.
                        .anyMatch(rule -> RuleWatch.key(rule).equals(ruleKey)
                                && isForWeek(rule)
                                && !(rule.until() instanceof Rule.End.Moment));
    }

    private static boolean isCapped(Draft draft, MemberCap.Window window) {
        return draft.share instanceof Share.Member member
                && member.cap() != null
                && member.cap().window() == window;
    }
}
