package dev.octroi.quota.decide;

import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Until;
import dev.octroi.policy.UsedUp;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Counter;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.account.Windows;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Holds a member of a shared account to its own cap, and ends its membership. */
final class MemberWatch {
    static final String CAP = UsedUp.MEMBER_CAP;
    static final String LEFT = "member.left";
    static final Reply NOT_A_MEMBER =
            new Reply.Refused(Refusal.NOT_A_MEMBER, "The account is no member of a shared account.");

    private MemberWatch() {}

    /** Lets time pass over a member: its own windows and limits; the plan's are the owner's. */
    static void advance(Draft draft) {
        TimeZoneWatch.advance(draft);
        CalendarCounters.advance(draft);
        followPlan(draft);
        RuleWatch.advance(draft);
        draft.release(each -> {
            Instant end = each.until().moment();
            return end != null && !draft.now.isBefore(end);
        });
        ZoneHolds.advance(draft);
    }

    /** The owner's plan may have begun, or its volume come anew: a member's cap over the plan's window begins anew with it. */
    static void followPlan(Draft draft) {
        if (draft.share instanceof Share.Member member) {
            Instant start = draft.renewedAt == null ? draft.startsAt : draft.renewedAt;
            Instant before = member.windowStart();
            if (start != null && (before == null || start.isAfter(before))) {
                // What was used before the plan began to run, by records that came first, is of its first window.
                draft.share = member.inWindow(start, before == null ? member.windowBaseBytes() : countedBytes(draft));
                draft.release(each -> each.id().equals(CAP) && isForPlan(member.cap()));
            }
        }
    }

    /**
     * Bytes were counted: those of an earlier window of the plan, which came late, and those of before its date leave the cap of
     * this one alone.
     */
    static void counted(Draft draft, Instant at, long bytes) {
        if (draft.share instanceof Share.Member member) {
            Instant start = member.windowStart();
            boolean isOfAnother = start == null
                    ? PeriodWatch.isBeforeDate(draft, at)
                    : PeriodWatch.momentOf(draft, at).isBefore(start);
            if (isOfAnother && bytes > 0) {
                draft.share = member.inWindow(start, member.windowBaseBytes() + bytes);
            }
        }
    }

    /** Holds the member back where its cap is reached. */
    static void watch(Draft draft) {
        MemberCap cap = capOf(draft);
        if (cap == null || draft.ended || draft.holds(CAP) || leftBytes(draft) > 0) {
            return;
        }
        Instant end = windowEnd(draft, cap);
        draft.restrict(new Restriction(
                CAP,
                RestrictionClass.PLAN_QUOTA,
                CAP,
                Level.SUSPENDED_DATA,
                null,
                null,
                null,
                null,
                draft.now,
                end == null ? new Until.Lifted() : new Until.At(end)));
        draft.raise(
                "usage.threshold_reached",
                Map.of(
                        "limit", "member",
                        "percent", 100,
                        "window", cap.window().word(),
                        "usedBytes", usedBytes(draft, cap),
                        "limitBytes", cap.bytes()));
    }

    /** What the member's own cap leaves it; {@link Long#MAX_VALUE} without one. */
    static long leftBytes(Draft draft) {
        MemberCap cap = capOf(draft);
        return cap == null ? Long.MAX_VALUE : Math.max(0, cap.bytes() - usedBytes(draft, cap));
    }

    static Reply cap(Draft draft, AccountCommand.SetMemberCap command) {
        if (!(draft.share instanceof Share.Member member) || !member.isActive()) {
            return NOT_A_MEMBER;
        }
        MemberCap before = member.cap();
        if (Objects.equals(before, command.cap())) {
            return Reply.REPEATED;
        }
        draft.share = member.capped(command.cap());
        draft.release(each -> each.id().equals(CAP));
        watch(draft);
        draft.audit(
                command.actor(),
                "member.cap",
                command.reason(),
                Map.of("before", words(before), "after", words(command.cap())));
        return Reply.DONE;
    }

    /** The membership ends: no volume any more, and the plan is over for this profile alone. */
    static void leave(Draft draft, Share.Member member) {
        Instant joinedAt = member.joinedAt() == null ? draft.now : member.joinedAt();
        draft.share = member.left(draft.now);
        draft.startsAt = joinedAt;
        draft.endsAt = draft.now;
        draft.ended = true;
        draft.release(each -> each.restrictionClass() == RestrictionClass.PLAN_QUOTA
                || each.restrictionClass() == RestrictionClass.FAIR_USE
                || each.id().equals(OverageWatch.LIMIT)
                || each.id().startsWith(SharedVolume.SHARED));
        draft.restrict(new Restriction(
                LEFT,
                RestrictionClass.PLAN_QUOTA,
                LEFT,
                Level.SUSPENDED_DATA,
                null,
                null,
                null,
                null,
                draft.now,
                new Until.Forever()));
    }

    private static long usedBytes(Draft draft, MemberCap cap) {
        return switch (cap.window()) {
            case DAY -> draft.day.bytes();
            case WEEK -> draft.week.bytes();
            case PLAN ->
                countedBytes(draft) - (draft.share instanceof Share.Member member ? member.windowBaseBytes() : 0);
        };
    }

    /** When the day or week of a member's cap ends in which it was last looked at; null without such a cap. */
    static @Nullable Instant nextWindow(AccountState state) {
        MemberCap cap = state.share() instanceof Share.Member member && member.isActive() ? member.cap() : null;
        Counter counter = cap == null || cap.window() != MemberCap.Window.WEEK ? state.day() : state.week();
        if (cap == null
                || cap.window() == MemberCap.Window.PLAN
                || counter.start().equals(Instant.MIN)) {
            return null;
        }
        Rule.Window window = cap.window() == MemberCap.Window.DAY ? Rule.Window.DAY : Rule.Window.WEEK;
        return Windows.end(window, counter.start(), state.dayZone());
    }

    private static @Nullable Instant windowEnd(Draft draft, MemberCap cap) {
        return switch (cap.window()) {
            case DAY -> Dwell.atLeast(draft, Windows.end(Rule.Window.DAY, draft.now, draft.dayZone()));
            case WEEK -> Dwell.atLeast(draft, Windows.end(Rule.Window.WEEK, draft.now, draft.dayZone()));
            case PLAN -> {
                Instant renewsAt = Allowances.renewsAt(draft);
                yield renewsAt == null ? draft.endsAt : renewsAt;
            }
        };
    }

    private static @Nullable MemberCap capOf(Draft draft) {
        return draft.share instanceof Share.Member member && member.isActive() ? member.cap() : null;
    }

    private static boolean isForPlan(@Nullable MemberCap cap) {
        return cap != null && cap.window() == MemberCap.Window.PLAN;
    }

    private static long countedBytes(Draft draft) {
        return draft.usedBytes + draft.beyondBytes;
    }

    private static Map<String, Object> words(@Nullable MemberCap cap) {
        Map<String, Object> words = new HashMap<>();
        if (cap != null) {
            words.put("bytes", cap.bytes());
            words.put("window", cap.window().word());
        }
        return words;
    }
}
