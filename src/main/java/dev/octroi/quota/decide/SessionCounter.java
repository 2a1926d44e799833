package dev.octroi.quota.decide;

import dev.octroi.quota.account.RemainingReports;
import dev.octroi.quota.account.SessionMark;
import dev.octroi.quota.account.UsageRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How much a record adds to what is known of its session or bundle. */
final class SessionCounter {
    private static final long WRAP = 1L << 32;

    private SessionCounter() {}

    /**
     * What a record adds.
     *
     * @param mark the marks of its session afterwards; null: they do not move
     * @param since since when that was used, {@link Instant#MIN} where it may be of any time; null: the feed does not say
     */
    record Delta(
            long upBytes,
            long downBytes,
            @Nullable SessionMark mark,
            @Nullable Instant since) {
        private static final Delta NOTHING = new Delta(0, 0, null, null);
    }

    /** @param mark what is known of the record's session */
    static Delta delta(UsageRecord record, SessionMark mark) {
        return switch (record.meaning()) {
            case DELTA -> new Delta(record.upBytes(), record.downBytes(), null, saidStart(record));
            case SESSION_BEGUN -> begun(record, mark);
            case SESSION_CUMULATIVE, GONE_OF_TOTAL -> risen(record, mark);
            case ABSOLUTE_REMAINING -> fallen(record, mark);
        };
    }

    /** The beginning of a session of which nothing is known tells nothing. */
    private static Delta begun(UsageRecord record, SessionMark mark) {
        boolean isNews = !mark.equals(SessionMark.NEW)
                && isAfter(record.eventEnd(), mark.lastEventAt())
                && record.eventEnd().isAfter(mark.begunAt());
        return isNews ? new Delta(0, 0, mark.begun(record.eventEnd()), null) : Delta.NOTHING;
    }

    /** From what is left of a bundle; the first report of one only says where counting begins. */
    private static Delta fallen(UsageRecord record, SessionMark mark) {
        RemainingReports.Added added =
                mark.remaining().add(new RemainingReports.Report(record.eventEnd(), record.downBytes()));
        Instant last = record.eventEnd().isAfter(mark.lastEventAt()) ? record.eventEnd() : mark.lastEventAt();
        SessionMark next = new SessionMark(
                mark.upBytes(), mark.downBytes() + added.usedBytes(), last, added.reports(), mark.begunAt());
        return new Delta(0, added.usedBytes(), next, added.since());
    }

    private static Delta risen(UsageRecord record, SessionMark known) {
        if (isAfter(known.begunAt(), record.eventEnd())) {
            // Of the session before; of one that only said once more that it began, the next reading holds it all.
            return Delta.NOTHING;
        }
        boolean anew = isAnew(record, known);
        SessionMark mark = anew ? known.atZero() : known;
        long up = unrolled(record, record.upBytes(), mark, mark.upBytes());
        long down = unrolled(record, record.downBytes(), mark, mark.downBytes());
        SessionMark next = new SessionMark(
                Math.max(up, mark.upBytes()),
                Math.max(down, mark.downBytes()),
                record.eventEnd().isAfter(mark.lastEventAt()) ? record.eventEnd() : mark.lastEventAt(),
                mark.remaining(),
                mark.begunAt());
        Instant since = anew ? known.begunAt() : since(record, known);
        return new Delta(next.upBytes() - mark.upBytes(), next.downBytes() - mark.downBytes(), next, since);
    }

    /** What a reading adds was used since the reading before; one that comes behind a later one may add what is of any time. */
    private static @Nullable Instant since(UsageRecord record, SessionMark known) {
        if (known.equals(SessionMark.NEW)) {
            Instant start = saidStart(record);
            return start == null && record.meaning().isBalance() ? Instant.MIN : start;
        }
        return record.eventEnd().isBefore(known.lastEventAt()) ? Instant.MIN : known.lastEventAt();
    }

    /** When a record began; null where its feed only says when it ended. */
    private static @Nullable Instant saidStart(UsageRecord record) {
        return record.eventStart().isBefore(record.eventEnd()) ? record.eventStart() : null;
    }

    /**
     * Whether a reading is of counters that began anew: the first one after a session was said to begin, and lower than those of
     * before. A sender may say so twice of one session, or say it again when it hears no answer; then the counters go on.
     */
    private static boolean isAnew(UsageRecord record, SessionMark mark) {
        return isAfter(mark.begunAt(), mark.lastEventAt())
                && (hasFallen(record, record.upBytes(), record.downBytes(), mark.upBytes())
                        || hasFallen(record, record.downBytes(), record.upBytes(), mark.downBytes()));
    }

    /** A direction at zero beside one that is not may have been left out: it says nothing. */
    private static boolean hasFallen(UsageRecord record, long count, long other, long highest) {
        return (count > 0 || other == 0) && count < (record.counterBits() == 64 ? highest : highest % WRAP);
    }

    /** Readings within a second have no order. */
    private static boolean isAfter(Instant one, Instant other) {
        return one.isAfter(other.plusSeconds(NarrowCounter.NO_ORDER_SECONDS));
    }

    /** A direction at zero has hardly wrapped to it just now, and may have been left out; if it did, the next reading says so. */
    private static long unrolled(UsageRecord record, long count, SessionMark mark, long highest) {
        return record.counterBits() == 64 || count == 0
                ? count
                : NarrowCounter.unrolled(
                        count,
                        highest,
                        record.eventEnd().getEpochSecond() - mark.lastEventAt().getEpochSecond());
    }
}
