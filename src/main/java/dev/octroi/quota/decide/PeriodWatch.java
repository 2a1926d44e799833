package dev.octroi.quota.decide;

import dev.octroi.catalog.Validity;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Until;
import dev.octroi.policy.UsedUp;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Reply;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;

/** Begins and ends the plan's period, and ends what ends with time. */
final class PeriodWatch {
    static final String NOT_STARTED = "plan.not_started";
    static final String ENDED = UsedUp.PERIOD;

    private PeriodWatch() {}

    /** Lets time pass up to the draft's moment. */
    static void advance(Draft draft) {
        TimeZoneWatch.advance(draft);
        Validity validity = draft.terms.validity();
        Instant fixed = validity.fixedStart(draft.planZone());
        if (draft.startsAt == null && fixed != null) {
            if (draft.now.isBefore(fixed)) {
                hold(draft, NOT_STARTED, new Until.At(fixed));
            } else {
                begin(draft, fixed, "fixed");
            }
        }
        CalendarCounters.advance(draft);
        OverageWatch.advance(draft);
        Allowances.advance(draft);
        Thresholds.advance(draft);
        RuleWatch.advance(draft);
        draft.release(each -> {
            Instant end = each.until().moment();
            return end != null && !draft.now.isBefore(end);
        });
        EndingNotice.advance(draft);
        Instant endsAt = draft.endsAt;
        if (endsAt != null && !draft.ended && !draft.now.isBefore(endsAt)) {
            end(draft, endsAt);
        }
        ZoneHolds.advance(draft);
        // What ended with time alone is nobody's act.
        draft.settle(Actor.clock());
    }

    /** A reason to begin was reported. */
    static Reply start(Draft draft, AccountCommand.StartPeriod command) {
        if (draft.startsAt != null) {
            return Reply.REPEATED;
        }
        boolean begins = switch (draft.terms.validity().start()) {
            case ON_ORDER -> command.cause() == AccountCommand.StartPeriod.Cause.ORDER;
            case ON_INSTALL -> command.cause() != AccountCommand.StartPeriod.Cause.ORDER;
            case ON_FIRST_USE -> command.cause() == AccountCommand.StartPeriod.Cause.FIRST_USE;
            case FIXED -> false;
        };
        if (!begins) {
            return Reply.REPEATED;
        }
        begin(draft, notAhead(draft, command.at()), command.cause().name().toLowerCase(Locale.ROOT));
        return Reply.DONE;
    }

    /** A byte was used: whatever the plan still waited for, it has begun now; a plan with a date waits for its date. */
    static void firstUse(Draft draft, Instant at) {
        if (draft.startsAt == null && draft.terms.validity().start() != Validity.StartMode.FIXED) {
            begin(draft, notAhead(draft, at), "first_use");
        }
    }

    /** Whether a moment is before the beginning of a plan with a date, whose volume is for its days alone. */
    static boolean isBeforeDate(Draft draft, Instant at) {
        Instant fixed = draft.terms.validity().fixedStart(draft.planZone());
        return fixed != null && at.isBefore(draft.startsAt == null ? fixed : draft.startsAt);
    }

    /**
     * The moment of the plan at which something was used that ended at a moment. A plan without a date has no time before its
     * beginning: it begins with the record that came first, and what ended before that one is of its first window all the same.
     */
    static Instant momentOf(Draft draft, Instant at) {
        Instant startsAt = draft.startsAt;
        return startsAt == null
                        || !at.isBefore(startsAt)
                        || draft.terms.validity().start() == Validity.StartMode.FIXED
                ? at
                : startsAt;
    }

    private static void begin(Draft draft, Instant at, String cause) {
        int added = draft.buckets.stream().mapToInt(Bucket::extendDays).sum();
        Instant endsAt = later(draft.terms.validity().endOf(at, draft.planZone()), added, draft.planZone());
        draft.startsAt = at;
        draft.endsAt = endsAt;
        beginVolumes(draft, draft.terms.validity().start() == Validity.StartMode.FIXED ? at : draft.now);
        Allowances.advance(draft);
        draft.release(each -> each.id().equals(NOT_STARTED));
        draft.raise("plan.started", Map.of("cause", cause, "startsAt", at.toString(), "endsAt", endsAt.toString()));
        if (!draft.now.isBefore(endsAt)) {
            end(draft, endsAt);
        }
    }

    /**
     * Volume that was bought while the plan waited lasts its days from the moment at which the beginning is known: a first use
     * may be reported days late, and what was bought meanwhile would be gone before that.
     */
    private static void beginVolumes(Draft draft, Instant from) {
        draft.buckets = draft.buckets.stream()
                .map(each -> each.validDays() == 0 ? each : each.until(later(from, each.validDays(), draft.planZone())))
                .toList();
    }

    /** The plan lasts longer; what would have ended with it lasts as long. */
    static void extend(Draft draft, int days) {
        Instant before = draft.endsAt;
        if (before == null) {
            draft.raise("plan.extended", Map.of("days", days));
            return;
        }
        Instant after = later(before, days, draft.begunIn());
        draft.endsAt = after;
        moved(draft, before, after);
        draft.raise("plan.extended", Map.of("days", days, "endsAt", after.toString()));
    }

    /** The plan's end moved; the traveller's day may end at the same moment, and is not longer for that. */
    static void moved(Draft draft, Instant before, Instant after) {
        draft.postpone(
                before,
                after,
                each -> each.id().equals(Thresholds.QUOTA_USED)
                        || each.id().equals(MemberWatch.CAP)
                        || (each.id().equals(FairUseWatch.ID) && FairUseWatch.isForPlan(draft))
                        || RuleWatch.isForPeriod(draft, each.ruleId()));
    }

    /** So many days of the plan later. */
    static Instant later(Instant moment, int days, ZoneId zone) {
        return moment.atZone(zone).plusDays(days).toInstant();
    }

    private static void end(Draft draft, Instant endsAt) {
        draft.ended = true;
        // With the plan end its own limits; those of people and law stay.
        draft.release(each -> each.restrictionClass() == RestrictionClass.PLAN_QUOTA
                || each.id().equals(OverageWatch.LIMIT)
                || each.restrictionClass() == RestrictionClass.FAIR_USE);
        hold(draft, ENDED, new Until.Forever());
        draft.raise("plan.ended", Map.of("endedAt", endsAt.toString(), "remainingBytes", draft.remainingBytes()));
    }

    private static void hold(Draft draft, String id, Until until) {
        if (!draft.holds(id, until)) {
            draft.restrict(new Restriction(
                    id,
                    RestrictionClass.PLAN_QUOTA,
                    id,
                    Level.SUSPENDED_DATA,
                    null,
                    null,
                    null,
                    null,
                    draft.now,
                    until));
        }
    }

    /** A beginning is between the opening of the account and now, whatever a foreign clock says. */
    private static Instant notAhead(Draft draft, Instant at) {
        Instant late = at.isAfter(draft.now) ? draft.now : at;
        return late.isBefore(draft.openedAt()) ? draft.openedAt() : late;
    }
}
