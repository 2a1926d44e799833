package dev.octroi.quota.decide;

import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.catalog.ZoneTariff;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.ZoneChange;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets volumes expire, and the plan's own come anew. */
public final class Allowances {
    /** More windows than the longest plan has; what is beyond is caught up by the next command. */
    private static final int MAX_WINDOWS = 800;

    private static final Duration DAY = Duration.ofDays(1);

    private static final String ROLLOVER = "rollover";

    private Allowances() {}

    /** Lets time pass up to the draft's moment. */
    static void advance(Draft draft) {
        expire(draft);
        Renewal renewal = draft.terms.renewal();
        Instant startsAt = draft.startsAt;
        if (renewal == null || startsAt == null || draft.buckets.isEmpty()) {
            return;
        }
        Instant renewedAt = draft.renewedAt == null ? startsAt : draft.renewedAt;
        Instant last = draft.endsAt == null
                ? null
                : SoldWindows.last(renewal, startsAt, draft.endsAt, draft.begunIn(), draft.planZone());
        Instant running = renewal.windowStart(startsAt, within(draft), draft.planZone());
        Instant current = last != null && last.isBefore(running) ? last : running;
        long rolledOver = 0;
        boolean renewed = false;
        for (int i = 0; i < MAX_WINDOWS && renewedAt.isBefore(current); i++) {
            Instant next = renewal.windowEnd(startsAt, renewedAt, draft.planZone());
            renewedAt = next.isBefore(current) ? next : current;
            rolledOver = renew(draft, renewal);
            renewed = true;
        }
        if (renewed && renewal.every() == Renewal.Every.DAY) {
            renewedAt = CalendarCounters.notBeforeMove(draft, renewedAt);
        }
        draft.renewedAt = renewedAt;
        if (renewed) {
            restore(draft, renewedAt, rolledOver);
        }
    }

    /** Beginning of the window before the one that began at a moment. */
    static Instant windowBefore(Draft draft, Instant renewedAt) {
        Renewal renewal = draft.terms.renewal();
        Instant startsAt = draft.startsAt;
        if (renewal == null || startsAt == null) {
            return renewedAt;
        }
        if (!renewal.windowStart(startsAt, renewedAt, draft.planZone()).equals(renewedAt)) {
            // It began with the end of a day in another time zone, of which no more is known.
            Instant dayBefore = renewedAt.minus(DAY);
            return dayBefore.isBefore(startsAt) ? startsAt : dayBefore;
        }
        return renewal.windowStart(startsAt, renewedAt.minusNanos(1), draft.planZone());
    }

    /** When the plan's volume comes anew; null when it does not before the plan ends. */
    public static @Nullable Instant renewsAt(AccountState state) {
        return state.ended()
                ? null
                : next(
                        state.terms(),
                        state.startsAt(),
                        state.renewedAt(),
                        state.endsAt(),
                        begunIn(state),
                        state.dayZone());
    }

    /** As {@link #renewsAt(AccountState)}. */
    static @Nullable Instant renewsAt(Draft draft) {
        return draft.ended
                ? null
                : next(draft.terms, draft.startsAt, draft.renewedAt, draft.endsAt, draft.begunIn(), draft.planZone());
    }

    /** The end of the window that began at a moment, by the calendar of a zone: the next one's beginning or the plan's end. */
    static @Nullable Instant windowEnd(Draft draft, Instant start, ZoneId zone) {
        Instant next = next(draft.terms, draft.startsAt, start, draft.endsAt, draft.begunIn(), zone);
        return next == null ? draft.endsAt : next;
    }

    private static @Nullable Instant next(
            PlanTerms terms,
            @Nullable Instant startsAt,
            @Nullable Instant renewedAt,
            @Nullable Instant endsAt,
            ZoneId begunIn,
            ZoneId zone) {
        Renewal renewal = terms.renewal();
        if (renewal == null || startsAt == null || renewedAt == null || endsAt == null) {
            return null;
        }
        Instant next = renewal.windowEnd(startsAt, renewedAt, zone);
        Instant last = SoldWindows.last(renewal, startsAt, endsAt, begunIn, zone);
        return next.isBefore(endsAt) && (last == null || !next.isAfter(last)) ? next : null;
    }

    private static ZoneId begunIn(AccountState state) {
        ZoneChange change = state.zoneChange();
        return change == null || change.begunIn() == null ? state.dayZone() : change.begunIn();
    }

    private static Instant within(Draft draft) {
        Instant endsAt = draft.endsAt;
        return endsAt != null && !draft.now.isBefore(endsAt) ? endsAt.minusNanos(1) : draft.now;
    }

    private static void expire(Draft draft) {
        List<Bucket> buckets = new ArrayList<>(draft.buckets);
        boolean expired = false;
        for (Bucket bucket : draft.buckets) {
            Instant end = bucket.expiresAt();
            if (end != null && bucket.quotaBytes() > 0 && !draft.now.isBefore(end)) {
                buckets.set(bucket.id() - 1, bucket.renew(0, bucket.remainingBytes()));
                expired = true;
                draft.raise(
                        "volume.expired",
                        Map.of(
                                "kind", bucket.kind().word(),
                                "reason", bucket.reason(),
                                "bytes", bucket.remainingBytes()));
            }
        }
        if (expired) {
            draft.buckets = buckets;
            Thresholds.limitLowered(draft);
        }
    }

    /** One window ends: what is unspent carries over or stays for late records; how much carries over. */
    private static long renew(Draft draft, Renewal renewal) {
        List<Bucket> buckets = new ArrayList<>(draft.buckets);
        Bucket plan = buckets.getFirst();
        long carried = Math.min(plan.remainingBytes(), renewal.rolloverBytes());
        buckets.set(0, plan.renew(draft.terms.quotaBytes(), plan.remainingBytes() - carried));
        for (ZoneTariff tariff : draft.terms.zoneTariffs()) {
            buckets.replaceAll(bucket -> bucket.kind() == Bucket.Kind.ZONE && bucket.isFor(tariff.zoneId())
                    ? bucket.renew(tariff.includedBytes(), bucket.remainingBytes())
                    : bucket);
        }
        Bucket rollover = null;
        for (Bucket bucket : buckets) {
            rollover = bucket.kind() == Bucket.Kind.ROLLOVER ? bucket : rollover;
        }
        if (rollover != null) {
            buckets.set(rollover.id() - 1, rollover.renew(carried, rollover.remainingBytes()));
        } else if (carried > 0) {
            buckets.add(
                    new Bucket(buckets.size() + 1, Bucket.Kind.ROLLOVER, ROLLOVER, draft.terms.planName(), carried, 0));
        }
        draft.buckets = buckets;
        return carried;
    }

    private static void restore(Draft draft, Instant renewedAt, long rolledOver) {
        WarnedSizes.forget(draft);
        draft.release(
                each -> each.id().equals(Thresholds.QUOTA_USED) || each.id().equals(OverageWatch.LIMIT));
        draft.raise(
                "plan.renewed",
                Map.of(
                        "renewedAt", renewedAt.toString(),
                        "bytes", draft.terms.quotaBytes(),
                        "rolledOverBytes", rolledOver,
                        "remainingBytes", draft.remainingBytes()));
    }
}
