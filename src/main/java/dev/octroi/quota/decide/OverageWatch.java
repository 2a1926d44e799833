package dev.octroi.quota.decide;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.ZoneTariff;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Speed;
import dev.octroi.policy.Until;
import dev.octroi.policy.UsedUp;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.Charges;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.Windows;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Charges use beyond the volume: only of travellers who agreed, never beyond the plan's ceiling, and within a calendar month
 * never beyond the limit, at which data is held back until the traveller agrees to another one (Regulation (EU) 2022/612
 * art. 14).
 */
final class OverageWatch {
    static final String LIMIT = UsedUp.CHARGES;

    private static final String EVENT = "overage.threshold_reached";
    private static final int FULL_PERCENT = 100;
    /** Far beyond what is ever granted at once, and far from the range of a sum. */
    private static final long MAX_CHARGEABLE_BYTES = 1L << 50;

    private OverageWatch() {}

    /** Lets time pass: a new month has its whole limit. */
    static void advance(Draft draft) {
        if (draft.terms.overage() == null) {
            return;
        }
        Instant month = Windows.monthStart(draft.now, draft.planZone());
        Instant before = draft.charges.month();
        if (before == null) {
            draft.charges = draft.charges.at(month);
        } else if (month.isAfter(before)) {
            draft.charges = draft.charges.at(CalendarCounters.notBeforeMove(draft, month));
            draft.release(each -> each.id().equals(LIMIT));
        }
    }

    /** Whether the traveller agreed to go on at a price and the ceiling is not reached. */
    static boolean carries(Draft draft) {
        Overage overage = draft.terms.overage();
        return overage != null && draft.charges.agreedAt() != null && draft.charges.minor() < overage.ceilingMinor();
    }

    /**
     * Charges the bytes of a record that no bucket took, at the price of where they were used; all of them after the consent.
     * Late records of before the month are free.
     */
    static Charges.Charge charge(Draft draft, Instant at, @Nullable ZoneTariff tariff, long bytes) {
        Overage overage = draft.terms.overage();
        if (overage == null || bytes == 0 || !carries(draft) || isFree(draft, at)) {
            return Charges.Charge.NOTHING;
        }
        Charges before = draft.charges;
        long limit = limitMinor(overage, before);
        long room = Math.min(overage.ceilingMinor() - before.minor(), Math.max(0, limit - before.monthMinor()));
        long price = TariffWatch.pricePerGigabyteMinor(overage, tariff);
        Overage.Cost wanted = Overage.cost(before.rest(), price, bytes);
        // A record that passes the limit is charged up to it; what passes is the seller's.
        Charges.Charge charge = wanted.minor() <= room
                ? new Charges.Charge(bytes, wanted.minor(), wanted.rest())
                : upTo(room, before.rest(), price, bytes);
        draft.charges = before.plus(charge);
        watch(draft, overage, limit);
        return charge;
    }

    /** Most bytes that may still be charged where the traveller is: up to the limit of the month, and to the ceiling. */
    static long chargeableBytes(Draft draft) {
        Overage overage = draft.terms.overage();
        if (overage == null || !carries(draft) || isFree(draft, draft.now)) {
            return 0;
        }
        Charges charges = draft.charges;
        long room = Math.min(
                overage.ceilingMinor() - charges.minor(),
                Math.max(0, limitMinor(overage, charges) - charges.monthMinor()));
        long price = TariffWatch.pricePerGigabyteMinor(overage, TariffWatch.here(draft));
        return room == 0 ? 0 : Math.min(MAX_CHARGEABLE_BYTES, Overage.bytesFor(room, charges.rest(), price));
    }

    private static Charges.Charge upTo(long room, long rest, long price, long bytes) {
        long charged = Math.min(bytes, Overage.bytesFor(room, rest, price));
        return new Charges.Charge(
                charged, room, Overage.cost(rest, price, charged).rest());
    }

    /** No volume is left: data is held back where the month has cost as much as it may. */
    static void holdAtLimit(Draft draft) {
        Overage overage = draft.terms.overage();
        if (overage != null
                && !draft.holds(LIMIT)
                && draft.charges.monthMinor() >= limitMinor(overage, draft.charges)) {
            hold(draft);
        }
    }

    /** The traveller agrees to be charged, or to another limit. */
    static Reply agree(Draft draft, AccountCommand.AgreeOverage command) {
        Overage overage = draft.terms.overage();
        if (overage == null) {
            return new Reply.Refused(Refusal.NOT_ALLOWED, "The plan knows no use beyond its volume.");
        }
        if (draft.ended) {
            return new Reply.Refused(Refusal.PLAN_ENDED, "The plan has ended.");
        }
        long chosen = command.limitMinor();
        if (chosen > overage.ceilingMinor()) {
            return new Reply.Refused(Refusal.NOT_ALLOWED, "The limit is above the plan's ceiling.");
        }
        Charges before = draft.charges;
        Instant agreedAt = before.agreedAt();
        if (agreedAt != null && before.limitMinor() == chosen) {
            return Reply.REPEATED;
        }
        draft.charges = before.agreed(agreedAt == null ? draft.now : agreedAt, chosen);
        long limit = limitMinor(overage, draft.charges);
        if (before.warnedMinor() > 0 && before.monthMinor() >= warnAtMinor(limit)) {
            draft.charges = draft.charges.warned(limit);
        }
        if (before.monthMinor() < limit) {
            draft.release(each -> each.id().equals(LIMIT));
        } else if (draft.remainingBytes() == 0) {
            hold(draft);
        }
        if (carries(draft)) {
            draft.release(each -> each.id().equals(Thresholds.QUOTA_USED));
        }
        Map<String, Object> told = Map.of(
                "limit", overage.money(limit).text(),
                "currency", overage.currency(),
                "textVersion", command.textVersion());
        draft.raise("overage.agreed", told);
        draft.audit(command.actor(), "overage.agreed", null, told);
        return Reply.DONE;
    }

    /** The traveller does not want to be charged any more. */
    static Reply decline(Draft draft, AccountCommand.DeclineOverage command) {
        if (draft.charges.agreedAt() == null) {
            return Reply.REPEATED;
        }
        draft.charges = draft.charges.agreed(null, draft.charges.limitMinor());
        draft.release(each -> each.id().equals(LIMIT));
        draft.raise("overage.declined", Map.of());
        draft.audit(command.actor(), "overage.declined", null, Map.of());
        Thresholds.taken(draft);
        return Reply.DONE;
    }

    /** The limit that holds: the traveller's own, else the plan's. */
    static long limitMinor(Overage overage, Charges charges) {
        return charges.limitMinor() == 0 ? overage.limitMinor() : charges.limitMinor();
    }

    /** When what may be charged begins anew with a month; null where nobody agreed, or nothing was charged in this one. */
    static @Nullable Instant renewsAt(@Nullable Overage overage, Charges charges, ZoneId zone) {
        Instant month = charges.month();
        return overage == null || charges.agreedAt() == null || month == null || charges.monthMinor() == 0
                ? null
                : monthEnd(month, zone);
    }

    /** When the month of the limit is over. */
    static Instant monthEnd(Instant month, ZoneId zone) {
        return LocalDate.ofInstant(month, zone)
                .withDayOfMonth(1)
                .plusMonths(1)
                .atStartOfDay(zone)
                .toInstant();
    }

    private static boolean isFree(Draft draft, Instant at) {
        Instant agreedAt = draft.charges.agreedAt();
        Instant month = draft.charges.month();
        Instant endsAt = draft.endsAt;
        return agreedAt == null
                || PeriodWatch.isBeforeDate(draft, at)
                || at.isBefore(agreedAt)
                || (month != null && at.isBefore(month))
                || endsAt == null
                || !at.isBefore(endsAt)
                || draft.ended;
    }

    private static void watch(Draft draft, Overage overage, long limit) {
        Charges charges = draft.charges;
        if (charges.warnedMinor() < limit && charges.monthMinor() >= warnAtMinor(limit)) {
            draft.charges = charges.warned(limit);
            draft.raise(EVENT, told(overage, charges, limit, Overage.WARN_AT_PERCENT));
        }
        boolean isFull = charges.monthMinor() >= limit;
        if (isFull && charges.fullMinor() != limit) {
            draft.charges = draft.charges.full(limit);
            draft.raise(EVENT, told(overage, charges, limit, FULL_PERCENT));
        }
        if (charges.minor() >= overage.ceilingMinor()) {
            // Beyond the ceiling nothing more is to be had at a price: the plan's own end of the volume holds.
            draft.release(each -> each.id().equals(LIMIT));
            draft.raise("overage.ceiling_reached", told(overage, charges, limit, FULL_PERCENT));
        } else if (isFull && !draft.holds(LIMIT) && draft.remainingBytes() == 0) {
            // Volume that is there costs nothing: a late record of a window that is over holds nothing of this one
            // back.
            hold(draft);
        }
    }

    /** Held back as the plan does when its volume is used up: a plan that goes on slowly, at no price, does so here too. */
    private static void hold(Draft draft) {
        Speed speed = draft.terms.afterQuota() instanceof AfterQuota.Throttle slow ? slow.speed() : null;
        Instant month = draft.charges.month();
        Instant end = month == null ? null : monthEnd(month, draft.planZone());
        draft.restrict(new Restriction(
                LIMIT,
                RestrictionClass.BILL_SHOCK,
                LIMIT,
                speed == null ? Level.SUSPENDED_DATA : Level.THROTTLED,
                speed,
                null,
                null,
                null,
                draft.now,
                end == null ? new Until.Lifted() : new Until.At(end)));
    }

    private static long warnAtMinor(long limit) {
        return (limit * Overage.WARN_AT_PERCENT + FULL_PERCENT - 1) / FULL_PERCENT;
    }

    private static Map<String, Object> told(Overage overage, Charges charges, long limit, int percent) {
        Map<String, Object> data = new HashMap<>();
        data.put("percent", percent);
        data.put("charged", overage.money(charges.monthMinor()).text());
        data.put("limit", overage.money(limit).text());
        data.put("total", overage.money(charges.minor()).text());
        data.put("ceiling", overage.money(overage.ceilingMinor()).text());
        data.put("currency", overage.currency());
        return data;
    }
}
