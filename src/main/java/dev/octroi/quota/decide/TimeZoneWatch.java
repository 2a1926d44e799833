package dev.octroi.quota.decide;

import dev.octroi.catalog.DayZone;
import dev.octroi.policy.Rule;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.Windows;
import dev.octroi.quota.account.ZoneChange;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes the traveller's time zone. Days, weeks and the hours of rules are of that zone, so a change waits for the end of the
 * running day, and for two days after the last one: else who moves on each hour would have each hour a new day's volume. The
 * week, the month and the plan's window at hand go on by the calendar of the new zone, see {@link ZoneMove}.
 */
final class TimeZoneWatch {
    private static final Duration APART = Duration.ofDays(2);

    private TimeZoneWatch() {}

    static Reply set(Draft draft, AccountCommand.SetTimeZone command) {
        ZoneChange before = draft.zoneChange;
        ZoneId waiting = before == null ? null : before.next();
        ZoneId coming = waiting == null ? draft.timeZone : waiting;
        if (command.zone().equals(coming)) {
            return Reply.REPEATED;
        }
        Instant at = movesNothing(draft) ? draft.now : effectiveAt(draft, command.zone());
        draft.audit(
                command.actor(),
                "account.time_zone",
                null,
                Map.of(
                        "before", draft.timeZone.getId(),
                        "after", command.zone().getId(),
                        "effectiveAt", at.toString()));
        if (command.zone().equals(draft.timeZone)) {
            // Back to what still holds. A change that was called off counts as one.
            draft.zoneChange = new ZoneChange(null, draft.now, begunIn(before));
        } else if (at.isAfter(draft.now)) {
            draft.zoneChange = new ZoneChange(command.zone(), at, begunIn(before));
        } else {
            take(draft, command.zone(), at);
            PeriodWatch.advance(draft);
            RuleWatch.rezoned(draft);
        }
        return Reply.DONE;
    }

    /** Lets time pass: what waited takes effect. */
    static void advance(Draft draft) {
        ZoneChange change = draft.zoneChange;
        if (change == null) {
            return;
        }
        ZoneId next = change.next();
        if (next != null && !draft.now.isBefore(change.at())) {
            take(draft, next, change.at());
            RuleWatch.rezoned(draft);
        }
    }

    /** When the calendar of a plan that had begun moved for the last time; {@link Instant#MIN}: it has not. */
    static Instant movedAt(Draft draft) {
        ZoneChange change = draft.zoneChange;
        return change == null || change.next() != null || change.begunIn() == null ? Instant.MIN : change.at();
    }

    private static void take(Draft draft, ZoneId zone, Instant at) {
        draft.raise("time_zone.changed", Map.of("before", draft.timeZone.getId(), "after", zone.getId()));
        ZoneId days = draft.dayZone();
        ZoneId months = draft.planZone();
        ZoneId begunIn = begunIn(draft.zoneChange);
        draft.timeZone = zone;
        draft.zoneChange = new ZoneChange(null, at, begunIn == null && draft.startsAt != null ? months : begunIn);
        ZoneMove.take(draft, days, months);
    }

    private static @Nullable ZoneId begunIn(@Nullable ZoneChange change) {
        return change == null ? null : change.begunIn();
    }

    /** Before a plan has begun, and where its days are those of UTC, nobody gains anything. */
    private static boolean movesNothing(Draft draft) {
        return draft.startsAt == null || draft.terms.dayZone() == DayZone.UTC;
    }

    private static Instant effectiveAt(Draft draft, ZoneId next) {
        Instant at = earliest(draft);
        while (!ZoneMove.hasBegun(draft, next, at)) {
            at = Windows.end(Rule.Window.DAY, at, draft.dayZone());
        }
        return at;
    }

    /** The end of the running day, two days after the last change at the earliest. */
    private static Instant earliest(Draft draft) {
        ZoneChange last = draft.zoneChange;
        Instant end = Windows.end(Rule.Window.DAY, draft.now, draft.dayZone());
        if (last == null || last.next() != null) {
            // One that waits is replaced, and its moment stays.
            return last == null ? end : last.at();
        }
        Instant earliest = last.at().plus(APART);
        while (end.isBefore(earliest)) {
            end = Windows.end(Rule.Window.DAY, end, draft.dayZone());
        }
        return end;
    }
}
