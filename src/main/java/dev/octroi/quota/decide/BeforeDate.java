package dev.octroi.quota.decide;

import dev.octroi.catalog.FairUse;
import dev.octroi.quota.account.Counter;
import dev.octroi.quota.account.RuleCount;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a network let pass before the date of a plan. It is in the ledger, beyond the volume and of its day, but no use of the plan:
 * neither its tiers nor rules over its period count it.
 */
final class BeforeDate {
    /** Beside the counts of rules, whose names begin with an owner; it has no owner of a rule. */
    private static final String ALL = "plan:before";
    /** The part of it that is of the day or week of the plan's tiers. */
    private static final String WINDOW = "plan:before.window";

    private BeforeDate() {}

    /** Notes the bytes of a record that ended before the plan's date; whether it did. */
    static boolean note(Draft draft, Instant at, long bytes) {
        if (!PeriodWatch.isBeforeDate(draft, at)) {
            return false;
        }
        draft.ruleCounts.merge(ALL, RuleCount.NEW.plus(bytes), (known, more) -> known.plus(more.amount()));
        Counter window = window(draft);
        if (window != null && !at.isBefore(window.start())) {
            RuleCount known = draft.ruleCounts.getOrDefault(WINDOW, RuleCount.NEW);
            draft.ruleCounts.put(WINDOW, known.at(window.start()).plus(bytes));
        }
        return true;
    }

    /** What was used of the plan, within its volume and beyond it. */
    static long planBytes(Draft draft) {
        RuleCount noted = draft.ruleCounts.get(ALL);
        return draft.usedBytes + draft.beyondVolumeBytes() - (noted == null ? 0 : noted.amount());
    }

    /** What was used of the plan in a day or week. */
    static long bytes(Draft draft, Counter counter) {
        RuleCount noted = draft.ruleCounts.get(WINDOW);
        return counter.bytes() - (noted == null || noted.start().isBefore(counter.start()) ? 0 : noted.amount());
    }

    /** The account spends another volume now: nothing that it counted before is of that one. */
    static void forget(Draft draft) {
        draft.ruleCounts.remove(ALL);
        draft.ruleCounts.remove(WINDOW);
    }

    private static @Nullable Counter window(Draft draft) {
        FairUse fairUse = draft.terms.fairUse();
        if (fairUse == null || fairUse.window() == FairUse.Window.PLAN) {
            return null;
        }
        return fairUse.window() == FairUse.Window.DAY ? draft.day : draft.week;
    }
}
