package dev.octroi.quota.decide;

import dev.octroi.quota.account.Counter;
import dev.octroi.quota.account.Windows;
import java.time.Duration;
import java.time.Instant;

/** What an account counts by hour, day and week. */
final class CalendarCounters {
    /** How far the midnights of one date lie apart: UTC+14 has the first, UTC-12 the last. */
    private static final Duration FARTHEST = Duration.ofHours(26);

    private CalendarCounters() {}

    /** Lets time pass up to the draft's moment. */
    static void advance(Draft draft) {
        draft.hour = draft.hour.at(Windows.hourStart(draft.now));
        draft.day = at(draft, draft.day, Windows.dayStart(draft.now, draft.dayZone()));
        draft.week = at(draft, draft.week, Windows.weekStart(draft.now, draft.dayZone()));
    }

    private static Counter at(Draft draft, Counter counter, Instant start) {
        return start.isAfter(counter.start()) ? counter.at(notBeforeMove(draft, start)) : counter;
    }

    /**
     * When a window begins that is not the one of before. The midnight of a new time zone may lie within the day that was over
     * when the zone changed: what was used until then is of that day, whenever it is reported. So it is with a week or a
     * month that turns with that day; one that turned days before the zone changed did so then.
     */
    static Instant notBeforeMove(Draft draft, Instant start) {
        Instant movedAt = TimeZoneWatch.movedAt(draft);
        return start.isBefore(movedAt) && start.isAfter(movedAt.minus(FARTHEST)) ? movedAt : start;
    }
}
