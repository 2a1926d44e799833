package dev.octroi.quota.decide;

import dev.octroi.policy.Level;
import dev.octroi.policy.Policy;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Freshness;
import dev.octroi.quota.account.OpenHours;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Estimates what was used and is not reported yet. */
final class Arrivals {
    private static final long MAX_LAG_SECONDS = 4 * 3600;
    private static final long MIN_SPAN_SECONDS = 300;
    private static final long BITS_PER_KBIT = 1_000;
    private static final long BITS_PER_BYTE = 8;

    private Arrivals() {}

    /**
     * How good the numbers are.
     *
     * @param volume the account whose plan it is
     * @param lateness how long after its end a record may come
     */
    static Freshness freshness(AccountState state, AccountState volume, Instant now, Duration lateness) {
        Instant endsAt = volume.endsAt();
        boolean complete = endsAt != null && now.isAfter(endsAt.plus(lateness));
        Instant asOf = state.lastEventAt();
        if (asOf == null) {
            // Nothing is known since the plan began, however long that is.
            return new Freshness(null, lag(volume.startsAt(), now), complete, 0);
        }
        long lagSeconds = lag(asOf, now);
        return new Freshness(asOf, lagSeconds, complete, complete ? 0 : onTheirWay(state, asOf, lagSeconds));
    }

    /**
     * How good the numbers of a volume are that several spend: as new as the newest record of any, and each of them may have used
     * more.
     *
     * @param sharers one or more
     */
    static Freshness freshness(Collection<AccountState> sharers, AccountState volume, Instant now, Duration lateness) {
        return sharers.stream()
                .map(each -> freshness(each, volume, now, lateness))
                .reduce(Arrivals::together)
                .orElseThrow();
    }

    private static long lag(@Nullable Instant since, Instant now) {
        return since == null ? 0 : Math.max(0, Duration.between(since, now).toSeconds());
    }

    private static Freshness together(Freshness one, Freshness other) {
        Instant first = one.asOf();
        Instant second = other.asOf();
        if (first == null || second == null) {
            return first == null ? other : one;
        }
        Freshness newer = first.isBefore(second) ? other : one;
        return new Freshness(
                newer.asOf(),
                newer.lagSeconds(),
                one.complete() && other.complete(),
                one.mayChangeByBytes() + other.mayChangeByBytes());
    }

    /**
     * What may have been used since the latest record: at the speed of the latest hour with use, and from the beginning of what
     * holds now on never above its cap.
     */
    private static long onTheirWay(AccountState state, Instant asOf, long lagSeconds) {
        long seconds = Math.min(lagSeconds, MAX_LAG_SECONDS);
        long freeSeconds =
                Math.clamp(Duration.between(asOf, heldSince(state, asOf)).toSeconds(), 0, seconds);
        double perSecond = bytesPerSecond(state, asOf);
        double heldPerSecond = Math.min(perSecond, mostPerSecond(state.policy()));
        return Math.round(perSecond * freeSeconds + heldPerSecond * (seconds - freeSeconds));
    }

    private static Instant heldSince(AccountState state, Instant asOf) {
        String cause = state.policy().restrictionId();
        for (Restriction each : state.restrictions()) {
            if (each.id().equals(cause)) {
                return each.from();
            }
        }
        return asOf;
    }

    private static double mostPerSecond(Policy policy) {
        if (policy.level().compareTo(Level.SUSPENDED_DATA) >= 0) {
            return 0;
        }
        Speed cap = policy.speed();
        return cap == null
                ? Double.MAX_VALUE
                : (double) (cap.downKbps() + cap.upKbps()) * BITS_PER_KBIT / BITS_PER_BYTE;
    }

    /** The hour that stands with the account is that of the latest use, whatever the clock's hour is. */
    private static double bytesPerSecond(AccountState state, Instant asOf) {
        Instant start = state.hour().start();
        long bytes = state.hour().bytes();
        if (!state.hours().sums().isEmpty()) {
            start = state.hours().sums().getFirst().hour();
            bytes = 0;
            for (OpenHours.Sum sum : state.hours().sums()) {
                bytes += sum.upBytes() + sum.downBytes();
            }
        }
        if (bytes == 0 || start.equals(Instant.MIN)) {
            return 0;
        }
        return (double) bytes
                / Math.max(MIN_SPAN_SECONDS, Duration.between(start, asOf).toSeconds());
    }
}
