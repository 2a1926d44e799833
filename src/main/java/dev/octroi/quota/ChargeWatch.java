package dev.octroi.quota;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.policy.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides the messages of charging sessions: what they report is counted as any record is, what they ask for is promised
 * from what is left and promised to nobody yet.
 */
final class ChargeWatch {
    /** Sessions of one account at a time. */
    static final int MAX_SESSIONS = 16;
    /** Timers are set to whole steps, so that not each message moves one. */
    private static final long TIMER_STEP_SECONDS = 300;
    /** A consumer that asks again when its grant ends is given this much time on its way. */
    private static final Duration GRACE = Duration.ofMinutes(5);

    private static final int THRESHOLD_SHARE = 5;

    private ChargeWatch() {}

    /** Lets time pass: promises that were not kept up are given back, old sessions forgotten. */
    static void advance(Draft draft) {
        for (ChargingSession session : List.copyOf(draft.charging.values())) {
            if (!draft.now.isBefore(session.forgottenAt())) {
                draft.charging.remove(session.number());
            } else if (!session.grants().isEmpty() && !draft.now.isBefore(session.grantsUntil())) {
                draft.charging.put(session.number(), session.withoutGrants());
            }
        }
    }

    static Reply charge(Draft draft, AccountCommand.Charge charge, DrainWatch drainWatch) {
        Reply again = repeated(draft, charge);
        if (again != null) {
            return again;
        }
        ChargingSession session = charge.step() == AccountCommand.Charge.Step.CREATE
                ? ChargingSession.opened(charge, draft.now)
                : draft.charging.get(charge.session());
        if (session == null || !session.open() || session.partnerId() != charge.partnerId()) {
            return new Reply.Refused(Refusal.UNKNOWN_SESSION, "There is no such charging session.");
        }
        if (charge.step() == AccountCommand.Charge.Step.CREATE && !makeRoom(draft)) {
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
        draft.charging.put(session.number(), session.withGrants(left(session, charge), session.grantsUntil()));
        return answer(draft, session.number(), charge);
    }

    /** The answer to a message that was answered before; null when it is new. */
    private static @Nullable Reply repeated(Draft draft, AccountCommand.Charge charge) {
        for (ChargingSession session : draft.charging.values()) {
            boolean meant = charge.step() == AccountCommand.Charge.Step.CREATE || session.number() == charge.session();
            if (!meant || session.partnerId() != charge.partnerId()) {
                continue;
            }
            ChargeAnswer answer = session.answerTo(charge.message());
            if (answer != null && draft.now.isBefore(answer.at().plus(charge.replay()))) {
                return new Reply.Charged(new Charged(session.number(), answer), true);
            }
            if (!session.open() && charge.step() == AccountCommand.Charge.Step.RELEASE) {
                return new Reply.Charged(
                        new Charged(session.number(), new ChargeAnswer(charge.message(), draft.now, List.of())), true);
            }
        }
        return null;
    }

    /** Forgets the session that was silent for longest and holds nothing; false when all hold something. */
    private static boolean makeRoom(Draft draft) {
        if (draft.charging.size() < MAX_SESSIONS) {
            return true;
        }
        ChargingSession oldest = null;
        for (ChargingSession each : draft.charging.values()) {
            boolean idle = !each.open() || each.grants().isEmpty();
            if (idle && (oldest == null || each.touchedAt().isBefore(oldest.touchedAt()))) {
                oldest = each;
            }
        }
        if (oldest == null) {
            return false;
        }
        draft.charging.remove(oldest.number());
        return true;
    }

    private static void count(
            Draft draft, ChargingSession session, AccountCommand.Charge charge, DrainWatch drainWatch) {
        for (UsageRecord record : charge.used()) {
            UsageRecord placed = record;
            if (record.plmn().equals(AccountCommand.Charge.UNKNOWN_PLMN)) {
                placed = record.at(placeOf(draft, session, charge));
            }
            UsageWatch.count(draft, new AccountCommand.CountUsage(placed, charge.actor()), drainWatch);
        }
    }

    /** Bytes without a place of their own were used where the session was before this message said where it is now. */
    private static SessionPlace placeOf(Draft draft, ChargingSession session, AccountCommand.Charge charge) {
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
                ? new SessionPlace(AccountCommand.Charge.UNKNOWN_PLMN, "ZZ", null)
                : new SessionPlace(device.plmn(), device.country(), null);
    }

    private static void move(Draft draft, AccountCommand.Charge charge) {
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

    /** What stays promised: a group that reports has that much less to come, one that asks again begins anew. */
    private static Map<Long, Long> left(ChargingSession session, AccountCommand.Charge charge) {
        Map<Long, Long> left = new HashMap<>(session.grants());
        charge.reportedBytes()
                .forEach((group, bytes) ->
                        left.computeIfPresent(group, (same, promised) -> promised > bytes ? promised - bytes : null));
        charge.returned().forEach(left::remove);
        charge.asking().forEach(left::remove);
        return left;
    }

    private static Reply answer(Draft draft, long number, AccountCommand.Charge charge) {
        List<VolumeGrant> grants = new ArrayList<>();
        boolean waits = false;
        if (charge.step() != AccountCommand.Charge.Step.RELEASE) {
            for (long group : charge.asking()) {
                VolumeGrant grant = grant(draft, number, group, charge.terms());
                waits |= grant.result() == VolumeGrant.Result.QUOTA_LIMIT_REACHED;
                grants.add(grant);
            }
        }
        ChargeAnswer answer = new ChargeAnswer(charge.message(), draft.now, grants);
        boolean waiting = waits;
        draft.charging.computeIfPresent(number, (same, session) -> session.answered(charge, waiting, answer));
        return new Reply.Charged(new Charged(number, answer), false);
    }

    private static VolumeGrant grant(Draft draft, long number, long group, GrantTerms terms) {
        if (draft.policy().level().compareTo(Level.SUSPENDED_DATA) >= 0) {
            return VolumeGrant.none(
                    group,
                    isUsedUp(draft)
                            ? VolumeGrant.Result.QUOTA_LIMIT_REACHED
                            : VolumeGrant.Result.END_USER_SERVICE_DENIED);
        }
        boolean stops = draft.terms.afterQuota() instanceof AfterQuota.Stop;
        long ownBytes = MemberWatch.leftBytes(draft);
        if (ownBytes <= ownPromisedBytes(draft)) {
            return VolumeGrant.none(group, VolumeGrant.Result.QUOTA_LIMIT_REACHED);
        }
        long spendableBytes = spendableBytes(draft);
        long availableBytes = spendableBytes - promisedBytes(draft);
        if (availableBytes <= 0) {
            // A plan that only slows down ends for nobody: what follows is not taken from the volume.
            return stops
                    ? VolumeGrant.none(group, VolumeGrant.Result.QUOTA_LIMIT_REACHED)
                    : granted(
                            draft,
                            group,
                            Math.min(terms.smallestBytes(), ownBytes - ownPromisedBytes(draft)),
                            terms,
                            false);
        }
        long bytes = terms.sliceBytes(Math.min(availableBytes, ownBytes - ownPromisedBytes(draft)));
        promise(draft, number, group, bytes, terms);
        boolean isLast = bytes == ownBytes || (stops && bytes == spendableBytes);
        return granted(draft, group, bytes, terms, isLast);
    }

    private static boolean isUsedUp(Draft draft) {
        String cause = draft.policy().restrictionId();
        return Thresholds.QUOTA_USED.equals(cause)
                || PeriodWatch.ENDED.equals(cause)
                || MemberWatch.CAP.equals(cause)
                || OverageWatch.LIMIT.equals(cause);
    }

    private static void promise(Draft draft, long number, long group, long bytes, GrantTerms terms) {
        draft.charging.computeIfPresent(number, (same, session) -> {
            Map<Long, Long> grants = new HashMap<>(session.grants());
            grants.put(group, bytes);
            Instant until = draft.now.plus(terms.validity()).plus(GRACE);
            long seconds = Math.ceilDiv(until.getEpochSecond(), TIMER_STEP_SECONDS) * TIMER_STEP_SECONDS;
            return session.withGrants(grants, Instant.ofEpochSecond(seconds));
        });
    }

    private static VolumeGrant granted(Draft draft, long group, long bytes, GrantTerms terms, boolean isFinal) {
        long seconds = Math.clamp(
                Duration.between(draft.now, volumeChangesAt(draft)).toSeconds(),
                1,
                terms.validity().toSeconds());
        return new VolumeGrant(
                group, VolumeGrant.Result.SUCCESS, bytes, isFinal ? 0 : bytes / THRESHOLD_SHARE, seconds, isFinal);
    }

    /** The next moment at which volume comes or goes by itself: what was granted before may not be there after it. */
    private static Instant volumeChangesAt(Draft draft) {
        Instant next = Instant.MAX;
        List<@Nullable Instant> moments = new ArrayList<>();
        moments.add(draft.endsAt);
        moments.add(Allowances.renewsAt(draft));
        for (Bucket bucket : draft.buckets) {
            if (bucket.remainingBytes() > 0) {
                moments.add(bucket.expiresAt());
            }
        }
        for (Instant moment : moments) {
            if (moment != null && moment.isAfter(draft.now) && moment.isBefore(next)) {
                next = moment;
            }
        }
        return next;
    }

    /** What is left, and what may be had beyond it at the price that was agreed to: up to the limit, and to the ceiling. */
    private static long spendableBytes(Draft draft) {
        return draft.remainingBytes() + OverageWatch.chargeableBytes(draft);
    }

    /** Bytes promised to all sessions that draw from the volume. */
    static long promisedBytes(Draft draft) {
        return ownPromisedBytes(draft) + draft.fellowsPromisedBytes;
    }

    /** Bytes promised to the sessions of this account alone. */
    static long ownPromisedBytes(Draft draft) {
        long sum = 0;
        for (ChargingSession session : draft.charging.values()) {
            sum += session.promisedBytes();
        }
        return sum;
    }

    private static long usedBytes(List<UsageRecord> used) {
        long sum = 0;
        for (UsageRecord record : used) {
            sum += record.upBytes() + record.downBytes();
        }
        return sum;
    }

    /** What was before a command, for {@link #tell}. */
    record Before(
            long policyVersion,
            Level level,
            long totalBytes,
            long freeBytes,
            @Nullable String zone) {
        static Before of(Draft draft) {
            return new Before(
                    draft.policy().version(),
                    draft.policy().level(),
                    draft.totalBytes(),
                    spendableBytes(draft) - promisedBytes(draft),
                    draft.charges.zone());
        }
    }

    /**
     * Tells the consumers of sessions that something changed for them: new volume or another policy lets them ask again, a
     * suspension ends them. Who sent the command knows already.
     */
    static void tell(Draft draft, Before before, AccountCommand command) {
        if (draft.charging.isEmpty()) {
            return;
        }
        boolean suspended = draft.policy().level().compareTo(Level.SUSPENDED_DATA) >= 0
                && before.level().compareTo(Level.SUSPENDED_DATA) < 0
                && !isUsedUp(draft);
        boolean changed = draft.policy().version() != before.policyVersion()
                || draft.totalBytes() > before.totalBytes()
                || !Objects.equals(draft.charges.zone(), before.zone());
        boolean freed = spendableBytes(draft) - promisedBytes(draft) > Math.max(0, before.freeBytes());
        Set<Long> told = new HashSet<>();
        for (ChargingSession session : draft.charging.values()) {
            boolean sender = command instanceof AccountCommand.Charge charge && charge.session() == session.number();
            if (session.open() && !sender && (changed || (freed && session.waiting()))) {
                told.add(session.number());
            }
        }
        for (long number : told) {
            draft.charging.computeIfPresent(number, (same, session) -> {
                ChargingSession noticed = session.noticed();
                if (noticed.notifyTo() != null) {
                    draft.effects.add(new Effect.SessionNotice(
                            number, session.partnerId(), noticed.notices(), suspended, draft.now));
                }
                return noticed;
            });
        }
    }
}
