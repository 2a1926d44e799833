package dev.octroi.quota.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What use beyond the volume has cost, and where the traveller is as far as tariffs differ. Amounts are whole minor units of
 * the plan's currency.
 *
 * @param agreedAt since when the traveller agrees to be charged; null: not at all
 * @param limitMinor the monthly limit that the traveller chose, 0: the plan's
 * @param bytes all bytes that were charged
 * @param minor all that was charged: what the ledger's rows add up to
 * @param rest what is owed beside it and not charged yet, in billionths of a minor unit
 * @param month first moment of the calendar month at hand; null before the first
 * @param monthMinor charged in it
 * @param warnedMinor the limit for which the warning was given this month, 0 when it was not
 * @param fullMinor the limit that the traveller was told is reached this month, 0 when none was
 * @param zone the zone with a tariff of its own where the traveller was last; null where prices and volumes are the plan's
 */
public record Charges(
        @Nullable Instant agreedAt,
        long limitMinor,
        long bytes,
        long minor,
        long rest,
        @Nullable Instant month,
        long monthMinor,
        long warnedMinor,
        long fullMinor,
        @Nullable String zone) {
    /** Nothing was charged, nobody agreed to it. */
    public static final Charges NONE = new Charges(null, 0, 0, 0, 0, null, 0, 0, 0, null);

    /**
     * What one record costs.
     *
     * @param bytes how many of its bytes are charged
     * @param minor the amount, in minor units
     * @param rest what is owed beside it afterwards, in billionths of a minor unit
     */
    public record Charge(long bytes, long minor, long rest) {
        /** It costs nothing. */
        public static final Charge NOTHING = new Charge(0, 0, 0);
    }

    /** The same in the month that begins at a moment. It only moves forward, so a clock that jumps back resets nothing. */
    public Charges at(Instant monthStart) {
        return month == null || monthStart.isAfter(month)
                ? new Charges(agreedAt, limitMinor, bytes, minor, rest, monthStart, 0, 0, 0, zone)
                : this;
    }

    /** The same where the month at hand begins at another moment, because the traveller's time zone moved. */
    public Charges moved(Instant monthStart) {
        return new Charges(
                agreedAt, limitMinor, bytes, minor, rest, monthStart, monthMinor, warnedMinor, fullMinor, zone);
    }

    /** The same after a record, which counts for plan and month. */
    public Charges plus(Charge charge) {
        return new Charges(
                agreedAt,
                limitMinor,
                bytes + charge.bytes(),
                minor + charge.minor(),
                charge.rest(),
                month,
                monthMinor + charge.minor(),
                warnedMinor,
                fullMinor,
                zone);
    }

    /** The same after the warning for a limit. */
    public Charges warned(long ofLimitMinor) {
        return new Charges(agreedAt, limitMinor, bytes, minor, rest, month, monthMinor, ofLimitMinor, fullMinor, zone);
    }

    /** The same after the traveller was told that a limit is reached. */
    public Charges full(long ofLimitMinor) {
        return new Charges(
                agreedAt, limitMinor, bytes, minor, rest, month, monthMinor, warnedMinor, ofLimitMinor, zone);
    }

    /**
     * The same with another consent.
     *
     * @param since since when the traveller agrees; null: no longer
     * @param chosenLimitMinor the monthly limit, 0: the plan's
     */
    public Charges agreed(@Nullable Instant since, long chosenLimitMinor) {
        return new Charges(
                since, chosenLimitMinor, bytes, minor, rest, month, monthMinor, warnedMinor, fullMinor, zone);
    }

    /** The same in a zone with a tariff of its own; null: where the plan's holds. */
    public Charges in(@Nullable String zoneId) {
        return new Charges(agreedAt, limitMinor, bytes, minor, rest, month, monthMinor, warnedMinor, fullMinor, zoneId);
    }
}
