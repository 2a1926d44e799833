package dev.octroi.quota;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What use beyond the volume has cost. Amounts are whole minor units of the plan's currency.
 *
 * @param agreedAt since when the traveller agrees to be charged; null: not at all
 * @param limitMinor the monthly limit that the traveller chose, 0: the plan's
 * @param bytes all bytes that were charged
 * @param minor all that was charged: what the ledger's rows add up to
 * @param month first moment of the calendar month at hand; null before the first
 * @param monthMinor charged in it
 * @param warnedMinor the limit for which the warning was given this month, 0 when it was not
 * @param fullMinor the limit that the traveller was told is reached this month, 0 when none was
 */
record Charges(
        @Nullable Instant agreedAt,
        long limitMinor,
        long bytes,
        long minor,
        @Nullable Instant month,
        long monthMinor,
        long warnedMinor,
        long fullMinor) {
    static final Charges NONE = new Charges(null, 0, 0, 0, null, 0, 0, 0);

    /** The same in the month that begins at a moment. It only moves forward, so a clock that jumps back resets nothing. */
    Charges at(Instant monthStart) {
        return month == null || monthStart.isAfter(month)
                ? new Charges(agreedAt, limitMinor, bytes, minor, monthStart, 0, 0, 0)
                : this;
    }

    Charges plus(long moreBytes, long moreMinor) {
        return new Charges(
                agreedAt,
                limitMinor,
                bytes + moreBytes,
                minor + moreMinor,
                month,
                monthMinor + moreMinor,
                warnedMinor,
                fullMinor);
    }

    Charges warned(long ofLimitMinor) {
        return new Charges(agreedAt, limitMinor, bytes, minor, month, monthMinor, ofLimitMinor, fullMinor);
    }

    Charges full(long ofLimitMinor) {
        return new Charges(agreedAt, limitMinor, bytes, minor, month, monthMinor, warnedMinor, ofLimitMinor);
    }

    Charges agreed(@Nullable Instant since, long chosenLimitMinor) {
        return new Charges(since, chosenLimitMinor, bytes, minor, month, monthMinor, warnedMinor, fullMinor);
    }
}
