package dev.octroi.quota.decide;

import dev.octroi.catalog.ZoneTariff;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.Charges;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Late;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.SessionMark;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.account.Windows;
import java.time.Instant;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Counts one record. */
public final class UsageWatch {
    private static final String CORRECTED = "usage.corrected";

    private UsageWatch() {}

    /** A record of a feed: it says in which network the device was, also where it names no area. */
    static Reply count(Draft draft, AccountCommand.CountUsage command, DrainWatch drainWatch) {
        boolean ofSession = command.record().meaning() == UsageRecord.Meaning.SESSION_CUMULATIVE;
        return count(draft, command.record(), null, ZoneWatch::used, drainWatch, ofSession);
    }

    /**
     * What a message of a charging session reports: where the device is the message itself says.
     *
     * @param since when the message before was decided; null: there was none
     */
    static Reply countCharged(Draft draft, UsageRecord record, @Nullable Instant since, DrainWatch drainWatch) {
        return count(draft, record, since, ZoneWatch::usedAtArea, drainWatch, true);
    }

    private static Reply count(
            Draft draft,
            UsageRecord record,
            @Nullable Instant since,
            BiConsumer<Draft, UsageRecord> place,
            DrainWatch drainWatch,
            boolean ofSession) {
        SessionCounter.Delta delta = delta(draft, record);
        long bytes = delta.upBytes() + delta.downBytes();
        if (bytes > Long.MAX_VALUE - draft.usedBytes - draft.beyondBytes) {
            return new Reply.Refused(Refusal.OVERFLOW, "The bytes of this account would leave the range of a sum.");
        }
        DeviceWatch.seen(draft, record.deviceHash(), record.eventEnd());
        remember(draft, record, delta);
        if (bytes > 0 || !record.meaning().isBalance()) {
            PeriodWatch.firstUse(draft, record.eventStart());
        }
        place.accept(draft, record);
        String zone = ZoneWatch.zoneOf(draft, record);
        ZoneTariff tariff = TariffWatch.of(draft, record);
        TariffWatch.used(draft, record, tariff);
        Instant usedSince = delta.since() == null ? since : delta.since();
        Charges.Charge charge = bytes == 0 ? Charges.Charge.NOTHING : spend(draft, record, usedSince, tariff, bytes);
        draft.effects.add(new Effect.LedgerRow(
                record, bytes, delta.upBytes(), delta.downBytes(), zone, charge.bytes(), charge.minor()));
        if (bytes == 0) {
            return Reply.DONE;
        }
        draft.effects.add(new Effect.HourlyUsage(
                Windows.hourStart(record.eventEnd()),
                zone,
                record.category().word(),
                record.plmn(),
                delta.upBytes(),
                delta.downBytes()));
        RuleWatch.counted(draft, record, zone, bytes, charge.minor());
        if (!record.meaning().isBalance()) {
            // A balance of a day is no burst at its end.
            drainWatch.observe(draft, record, delta.upBytes(), delta.downBytes(), ofSession);
        }
        return Reply.DONE;
    }

    private static Charges.Charge spend(
            Draft draft, UsageRecord record, @Nullable Instant since, @Nullable ZoneTariff tariff, long bytes) {
        Instant endsAt = draft.endsAt;
        long rest = bytes;
        long fairBytes = FairUseWatch.windowBytes(draft);
        boolean isBeforeDate = BeforeDate.note(draft, record.eventEnd(), bytes);
        if (!isBeforeDate && (endsAt == null || record.eventEnd().isBefore(endsAt))) {
            rest = Spending.take(draft, record.eventEnd(), tariff == null ? null : tariff.zoneId(), bytes);
        }
        draft.beyondBytes += rest;
        Late late = late(draft, record.eventEnd());
        if (late != null) {
            tell(draft, late, bytes - rest, rest);
        }
        // What a window that is not remembered had left nobody knows: what might have been free is not charged.
        Charges.Charge charge = AfterConsent.isUsed(draft, record, since) && late != Late.OLDER_WINDOW
                ? OverageWatch.charge(draft, record.eventEnd(), tariff, rest)
                : Charges.Charge.NOTHING;
        Thresholds.taken(draft);
        addToWindows(draft, record, bytes);
        if (!isBeforeDate) {
            FairUseWatch.counted(draft, fairBytes);
        }
        return charge;
    }

    /** Told once for all records that are decided together: a file that is days late has thousands. */
    private static void tell(Draft draft, Late late, long takenBytes, long beyondBytes) {
        draft.effects.add(new Effect.LateCounted(late, takenBytes, beyondBytes));
        long taken = 0;
        long beyond = 0;
        long records = 0;
        for (Effect each : draft.effects) {
            if (each instanceof Effect.LateCounted one && one.kind() == late) {
                taken += one.takenBytes();
                beyond += one.beyondBytes();
                records++;
            }
        }
        draft.effects.removeIf(each -> each instanceof Effect.EventRaised event
                && event.type().equals(CORRECTED)
                && late.word().equals(event.data().get("period")));
        draft.raise(
                CORRECTED,
                Map.of("period", late.word(), "records", records, "takenBytes", taken, "beyondBytes", beyond));
    }

    /** A record of an earlier hour or day that comes late belongs to that hour or day, not to the current one. */
    private static void addToWindows(Draft draft, UsageRecord record, long bytes) {
        Instant at = record.eventEnd().isAfter(draft.now) ? draft.now : record.eventEnd();
        if (!at.isBefore(draft.hour.start())) {
            draft.hour = draft.hour.plus(bytes);
        }
        if (!at.isBefore(draft.day.start())) {
            draft.day = draft.day.plus(bytes);
        }
        if (!at.isBefore(draft.week.start())) {
            draft.week = draft.week.plus(bytes);
        }
    }

    private static void remember(Draft draft, UsageRecord record, SessionCounter.Delta delta) {
        Instant last = draft.lastEventAt;
        // A clock that is ahead makes neither the reading fresher than it is nor what others report next old.
        Instant at = record.eventEnd().isAfter(draft.now) ? draft.now : record.eventEnd();
        if (last == null || at.isAfter(last)) {
            draft.lastEventAt = at;
        }
        Instant received = draft.lastReceivedAt;
        if (received == null || record.receivedAt().isAfter(received)) {
            draft.lastReceivedAt = record.receivedAt();
        }
        String session = record.session();
        SessionMark mark = delta.mark();
        if (session != null && mark != null) {
            String key = sessionKey(record, session);
            draft.sessions.put(key, mark);
            draft.effects.add(new Effect.SessionMoved(key, mark));
        }
    }

    /** Sessions of two feeds never meet. */
    public static String sessionKey(UsageRecord record, String session) {
        return record.source() + "|" + session;
    }

    private static SessionCounter.Delta delta(Draft draft, UsageRecord record) {
        String session = record.session();
        return SessionCounter.delta(
                record,
                session == null
                        ? SessionMark.NEW
                        : draft.sessions.getOrDefault(sessionKey(record, session), SessionMark.NEW));
    }

    /** What a record that ended at a moment is; null for one of the window at hand. */
    private static @Nullable Late late(Draft draft, Instant at) {
        Instant endsAt = draft.endsAt;
        if (draft.ended && endsAt != null && at.isBefore(endsAt)) {
            return Late.ENDED_PLAN;
        }
        Instant renewedAt = draft.terms.renewal() == null ? null : draft.renewedAt;
        Instant of = PeriodWatch.momentOf(draft, at);
        if (renewedAt == null || !of.isBefore(renewedAt)) {
            return null;
        }
        return of.isBefore(Allowances.windowBefore(draft, renewedAt)) ? Late.OLDER_WINDOW : Late.LAST_WINDOW;
    }
}
