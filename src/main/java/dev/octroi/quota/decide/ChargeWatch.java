package dev.octroi.quota.decide;

import dev.octroi.policy.Level;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.ChargeAnswer;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.Charged;
import dev.octroi.quota.account.ChargingSession;
import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.Place;
import dev.octroi.quota.account.Promise;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.SessionPlace;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.account.VolumeGrant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides the messages of charging sessions: what they report is counted as any record is, what they ask for is promised
 * from what is left and promised to nobody yet.
 */
public final class ChargeWatch {
    private ChargeWatch() {}

    /**
     * Lets time pass: promises that were not kept up are given back, silent sessions and those of a lost SIM told to end, old ones
     * forgotten.
     */
    static void advance(Draft draft) {
        for (ChargingSession session : List.copyOf(draft.charging.values())) {
            if (session.bar() == ChargingSession.Bar.ORDERED) {
                ChargeNotices.bar(draft, session);
            } else if (session.isSilent(draft.now)) {
                ChargeNotices.end(draft, session);
            } else if (!draft.now.isBefore(session.forgottenAt())) {
                draft.charging.remove(session.number());
            } else {
                draft.charging.put(session.number(), session.withoutGrantsOf(draft.now));
            }
        }
    }

    static Reply charge(Draft draft, ChargeCommand charge, DrainWatch drainWatch) {
        Reply again = repeated(draft, charge);
        if (again != null) {
            return again;
        }
        ChargingSession session = charge.step().opens()
                ? ChargingSession.opened(charge, draft.now)
                : draft.charging.get(charge.session());
        if (session == null || session.partnerId() != charge.partnerId() || (!session.open() && !reports(charge))) {
            return new Reply.Refused(Refusal.UNKNOWN_SESSION, "There is no such charging session.");
        }
        if (charge.step().opens() && !SessionRoom.make(draft)) {
            return new Reply.Refused(
                    Refusal.TOO_MANY_SESSIONS, "The account has as many charging sessions as it may have.");
        }
        if (usedBytes(charge.used()) > Long.MAX_VALUE - draft.usedBytes - draft.beyondBytes) {
            return new Reply.Refused(Refusal.OVERFLOW, "The bytes of this account would leave the range of a sum.");
        }
        count(draft, session, charge, drainWatch);
        move(draft, charge);
        BackgroundWatch.apply(draft);
        draft.settle(charge.actor());
        draft.charging.put(session.number(), session.withGrants(left(session, charge)));
        return answer(draft, session.number(), charge);
    }

    /** Whether a message that arrives after the release of its session has something to say: containers that are known by number. */
    private static boolean reports(ChargeCommand charge) {
        return charge.containers() != null;
    }

    /**
     * Whether nothing of a message has to be looked up in the ledger: it was answered before, or opens its session, or reports
     * containers beyond all that its session has reported.
     */
    public static boolean reportsNothingCounted(AccountState state, ChargeCommand charge, Instant now) {
        for (ChargingSession session : state.charging()) {
            if (session.number() == charge.session()) {
                return session.answerTo(charge, now) != null || session.reportsFirst(charge);
            }
        }
        // A session that is opened has a number that no other had; one that is not there counts nothing.
        return true;
    }

    /**
     * The answer to a message that was answered before; null when it is new. A creation is not answered with a session that is
     * over: to that one nothing is granted, while a session too many costs nothing.
     */
    private static @Nullable Reply repeated(Draft draft, ChargeCommand charge) {
        for (ChargingSession session : draft.charging.values()) {
            boolean meant = switch (charge.step()) {
                case CREATE -> session.open();
                case EVENT -> !session.open();
                case UPDATE, RELEASE -> session.number() == charge.session();
            };
            if (!meant || session.partnerId() != charge.partnerId()) {
                continue;
            }
            ChargeAnswer answer = session.answerTo(charge, draft.now);
            if (answer != null && answer.isToAnother(charge.message())) {
                return new Reply.Refused(
                        Refusal.NUMBER_REUSED, "Another report had this number: numbers must not come back.");
            }
            if (answer != null) {
                return charged(draft, session.number(), stillTrue(draft, session, charge, answer), true);
            }
            if (!session.open() && charge.step() == ChargeCommand.Step.RELEASE && !reports(charge)) {
                return charged(draft, session.number(), new ChargeAnswer(charge.message(), draft.now, List.of()), true);
            }
        }
        return null;
    }

    /**
     * What a message that comes again is answered: as before, but for volume that was given back meanwhile, or that nobody may use
     * any more. Nothing of it is counted.
     */
    private static ChargeAnswer stillTrue(
            Draft draft, ChargingSession session, ChargeCommand charge, ChargeAnswer answer) {
        boolean nothingPasses = session.isBarred() || draft.policy().level().compareTo(Level.SUSPENDED_DATA) >= 0;
        if (!session.open() || !session.isOutdated(answer, nothingPasses, draft.now)) {
            return answer;
        }
        Map<GrantHolder, Promise> left = new HashMap<>(session.grants());
        charge.asking().forEach(holder -> left.keySet().removeIf(holder::overlaps));
        draft.charging.put(session.number(), session.withGrants(left));
        ChargeAnswer anew = new ChargeAnswer(charge.message(), draft.now, grants(draft, session.number(), charge));
        draft.charging.computeIfPresent(session.number(), (same, now) -> now.answeredAnew(anew));
        return anew;
    }

    static void count(Draft draft, ChargingSession session, ChargeCommand charge, DrainWatch drainWatch) {
        Instant since = charge.step().opens() ? null : usedSince(draft, session, charge);
        for (UsageRecord record : charge.used()) {
            UsageRecord placed = record;
            if (record.plmn().equals(ChargeCommand.UNKNOWN_PLMN)) {
                placed = record.at(placeOf(draft, session, charge));
            }
            UsageWatch.countCharged(draft, placed, since, drainWatch);
        }
    }

    /**
     * Since when what a message reports was used, as far as that says whether it was after the consent: each rating group has to have
     * been heard since, because what one reports began when that one was heard before.
     */
    private static Instant usedSince(Draft draft, ChargingSession session, ChargeCommand charge) {
        Instant agreedAt = draft.charges.agreedAt();
        return agreedAt != null && session.heard().covers(agreedAt, charge.using()) ? agreedAt : Instant.MIN;
    }

    /** Bytes without a place of their own were used where the session was before this message said where it is now. */
    private static SessionPlace placeOf(Draft draft, ChargingSession session, ChargeCommand charge) {
        SessionPlace before = session.place();
        SessionPlace now = charge.place();
        if (before != null) {
            return before;
        }
        if (now != null) {
            return now;
        }
        Place device = draft.place;
        return device == null
                ? new SessionPlace(ChargeCommand.UNKNOWN_PLMN, "ZZ", null)
                : new SessionPlace(device.plmn(), device.country(), null);
    }

    private static void move(Draft draft, ChargeCommand charge) {
        DeviceWatch.seen(draft, charge.deviceHash(), charge.at());
        SessionPlace place = charge.place();
        if (place != null && (place.area() != null || !isAt(draft, place.plmn()))) {
            String area = place.area();
            // What the message reports was used before; where it says the device is comes after, also at the same
            // moment.
            Instant after = charge.at().plusMillis(1);
            ZoneWatch.moved(draft, place.plmn(), place.country(), area == null ? place.plmn() : area, after);
        }
    }

    private static boolean isAt(Draft draft, String plmn) {
        Place place = draft.place;
        return place != null && place.plmn().equals(plmn);
    }

    /**
     * What stays promised: who reports has that much less to come, who asks again begins anew. What other UPFs of a rating group
     * hold they hold still.
     */
    private static Map<GrantHolder, Promise> left(ChargingSession session, ChargeCommand charge) {
        Map<GrantHolder, Promise> left = new HashMap<>(session.grants());
        charge.reportedBytes()
                .forEach((holder, bytes) -> left.computeIfPresent(
                        left.containsKey(holder) ? holder : holder.whole(),
                        (same, promised) -> promised.bytes() > bytes
                                ? new Promise(promised.bytes() - bytes, promised.until())
                                : null));
        charge.returned().forEach(holder -> left.keySet().removeIf(holder::overlaps));
        charge.asking().forEach(holder -> left.keySet().removeIf(holder::overlaps));
        return left;
    }

    private static Reply answer(Draft draft, long number, ChargeCommand charge) {
        ChargeAnswer answer = new ChargeAnswer(
                charge.message(),
                draft.now,
                charge.step() == ChargeCommand.Step.RELEASE ? List.of() : grants(draft, number, charge));
        draft.charging.computeIfPresent(
                number, (same, session) -> session.answered(charge, answer, draft.charges.agreedAt()));
        return charged(draft, number, answer, false);
    }

    private static Reply charged(Draft draft, long number, ChargeAnswer answer, boolean again) {
        return new Reply.Charged(new Charged(number, answer, ZoneWatch.isByArea(draft.terms)), again);
    }

    private static List<VolumeGrant> grants(Draft draft, long number, ChargeCommand charge) {
        List<VolumeGrant> grants = new ArrayList<>();
        for (List<GrantHolder> group : byGroup(charge.asking())) {
            grants.add(ChargeGrants.grant(draft, number, group, charge.terms()));
        }
        return grants;
    }

    /** In the order of asking. */
    private static Collection<List<GrantHolder>> byGroup(List<GrantHolder> asking) {
        Map<Long, List<GrantHolder>> groups = new LinkedHashMap<>();
        for (GrantHolder each : asking) {
            groups.computeIfAbsent(each.ratingGroup(), group -> new ArrayList<>(1))
                    .add(each);
        }
        return groups.values();
    }

    private static long usedBytes(List<UsageRecord> used) {
        long sum = 0;
        for (UsageRecord record : used) {
            sum += record.upBytes() + record.downBytes();
        }
        return sum;
    }
}
