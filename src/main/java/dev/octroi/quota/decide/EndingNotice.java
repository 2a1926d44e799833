package dev.octroi.quota.decide;

import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.RuleCount;
import dev.octroi.quota.account.Share;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says that a plan will end while there is time to add days: 24 hours before, once for each end, so that an end that moved is told
 * again. A plan of a day or less has just been told with its beginning.
 */
final class EndingNotice {
    static final String EVENT = "plan.ending";

    /** Beside the counts of rules, whose names begin with an owner; its window is the end that was told. */
    private static final String KEY = "plan:ending";

    private static final Duration AHEAD = Duration.ofDays(1);

    /** Plans up to this are of a day, which has 25 hours when clocks go back. */
    private static final Duration SHORT = Duration.ofHours(25);

    private EndingNotice() {}

    /** Lets time pass up to the draft's moment. Whoever draws from another one's volume hears it with the owner. */
    static void advance(Draft draft) {
        if (draft.share instanceof Share.Member) {
            return;
        }
        Instant end = draft.endsAt;
        Instant due = due(draft.startsAt, end, draft.ruleCounts);
        if (end == null || due == null || draft.ended || draft.now.isBefore(due) || !draft.now.isBefore(end)) {
            return;
        }
        draft.ruleCounts.put(KEY, RuleCount.NEW.at(window(end)).fired(true, null));
        draft.raise(EVENT, Map.of("endsAt", end.toString(), "remainingBytes", draft.remainingBytes()));
    }

    /** When it is to be told of an account whose plan has not ended; null: it was, or never is. */
    static @Nullable Instant nextAt(AccountState state) {
        return due(state.startsAt(), state.endsAt(), state.ruleCounts());
    }

    private static @Nullable Instant due(
            @Nullable Instant start, @Nullable Instant end, Map<String, RuleCount> counts) {
        if (start == null || end == null || !start.plus(SHORT).isBefore(end)) {
            return null;
        }
        RuleCount told = counts.getOrDefault(KEY, RuleCount.NEW);
        return told.start().equals(window(end)) ? null : end.minus(AHEAD);
    }

    /** The same of an end that was read from the database, which keeps microseconds. */
    private static Instant window(Instant end) {
        return end.truncatedTo(ChronoUnit.MILLIS);
    }
}
