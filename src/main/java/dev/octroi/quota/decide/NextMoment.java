package dev.octroi.quota.decide;

import dev.octroi.policy.Restriction;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Background;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.ChargingSession;
import dev.octroi.quota.account.RuleCount;
import dev.octroi.quota.account.Share;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The next moment at which something of an account changes although nothing is reported. */
public final class NextMoment {
    private NextMoment() {}

    /** When that is; null: never. */
    public static @Nullable Instant of(AccountState state) {
        Instant next = null;
        // Its own plan, that of the volume that it shares, or that of the one that it left.
        boolean isOver = state.ended();
        for (Restriction each : state.restrictions()) {
            next = earlier(next, each.until().moment());
            isOver |= each.id().equals(PeriodWatch.ENDED);
        }
        if (!state.ended()) {
            next = earlier(next, state.endsAt());
            next = earlier(next, EndingNotice.nextAt(state));
            next = earlier(next, Allowances.renewsAt(state));
        }
        for (Bucket bucket : state.buckets()) {
            next = earlier(next, bucket.quotaBytes() > 0 ? bucket.expiresAt() : null);
        }
        if (state.startsAt() == null && !(state.share() instanceof Share.Member)) {
            next = earlier(next, state.terms().validity().fixedStart(state.dayZone()));
        }
        for (ChargingSession each : state.charging()) {
            next = earlier(next, each.nextEvalAt());
        }
        next = earlier(
                next, state.zoneChange() == null ? null : state.zoneChange().waitsUntil());
        return isOver ? earlier(next, endOfRules(state)) : earlier(next, whileItLasts(state));
    }

    /** What begins by itself, hour by hour and night by night. */
    private static @Nullable Instant whileItLasts(AccountState state) {
        Instant next = ZoneHolds.nextHours(state);
        for (RuleCount each : state.ruleCounts().values()) {
            next = earlier(next, each.nextAt());
        }
        // While the sleep guard holds, its restriction ends by itself; else it begins with the next night.
        if (state.background().mode() == Background.Mode.NIGHT && !blocksBackground(state)) {
            next = earlier(next, BackgroundWatch.nextNight(state));
        }
        boolean waits = state.charging().stream().anyMatch(each -> each.open() && each.waiting());
        // With the next window of its cap a member has more left.
        if (waits || (state.background().mode() == Background.Mode.LOW && blocksBackground(state))) {
            next = earlier(next, MemberWatch.nextWindow(state));
        }
        // With the next month there is more to be had at a price, for the members of an owner, too.
        if (waits || state.share() instanceof Share.Owner) {
            next = earlier(next, OverageWatch.renewsAt(state.terms().overage(), state.charges(), state.dayZone()));
        }
        return next;
    }

    private static boolean blocksBackground(AccountState state) {
        return state.restrictions().stream().anyMatch(BackgroundWatch::isOwn);
    }

    /** Of rules only what still holds ends: nothing begins any more, night after night, where no data passes. */
    private static @Nullable Instant endOfRules(AccountState state) {
        Instant next = null;
        for (Restriction each : state.restrictions()) {
            RuleCount count = each.ruleId() == null ? null : state.ruleCounts().get(each.ruleId());
            next = earlier(next, count == null ? null : count.nextAt());
        }
        return next;
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null) {
            return other;
        }
        return other == null || one.isBefore(other) ? one : other;
    }
}
