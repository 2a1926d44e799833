package dev.octroi.quota.decide;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.policy.Level;
import dev.octroi.policy.UsedUp;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.ChargingSession;
import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.GrantTerms;
import dev.octroi.quota.account.Promise;
import dev.octroi.quota.account.VolumeGrant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Promises charging sessions what is left and promised to nobody yet: of the volume, of what may be charged, of a member's cap. */
final class ChargeGrants {
    /** Timers are set to whole steps, so that not each message moves one. */
    private static final long TIMER_STEP_SECONDS = 300;
    /** A consumer that asks again when its grant ends is given this much time on its way. */
    private static final Duration GRACE = Duration.ofMinutes(5);

    private static final int THRESHOLD_SHARE = 5;

    private ChargeGrants() {}

    /** @param holders of one rating group, who share what it is granted in equal parts */
    static VolumeGrant grant(Draft draft, long number, List<GrantHolder> holders, GrantTerms terms) {
        long group = holders.getFirst().ratingGroup();
        if (draft.policy().level().compareTo(Level.SUSPENDED_DATA) >= 0) {
            return VolumeGrant.none(
                    group,
                    isUsedUp(draft)
                            ? VolumeGrant.Result.QUOTA_LIMIT_REACHED
                            : VolumeGrant.Result.END_USER_SERVICE_DENIED);
        }
        ChargingSession session = draft.charging.get(number);
        if (session != null && (session.isBarred() || !session.open())) {
            return VolumeGrant.none(group, VolumeGrant.Result.END_USER_SERVICE_DENIED);
        }
        if (session != null && session.grants().size() + holders.size() > GrantHolder.MOST) {
            return VolumeGrant.none(group, VolumeGrant.Result.QUOTA_LIMIT_REACHED);
        }
        boolean stops = stops(draft);
        long ownBytes = MemberWatch.leftBytes(draft);
        long ownFreeBytes = ownBytes - ownPromisedBytes(draft);
        if (ownFreeBytes <= 0) {
            return VolumeGrant.none(group, VolumeGrant.Result.QUOTA_LIMIT_REACHED);
        }
        long spendableBytes = spendableBytes(draft);
        long availableBytes = spendableBytes - promisedBytes(draft);
        if (availableBytes <= 0) {
            return stops
                    ? VolumeGrant.none(group, VolumeGrant.Result.QUOTA_LIMIT_REACHED)
                    : slow(draft, number, holders, ownBytes, terms);
        }
        long bytes = terms.sliceBytes(Math.min(availableBytes, ownFreeBytes));
        promise(draft, number, holders, bytes, terms);
        boolean isLast = bytes == ownBytes || (stops && bytes == spendableBytes);
        return granted(draft, group, bytes, terms, isLast);
    }

    /**
     * A plan that only slows down ends for nobody: what follows is not taken from the volume. A member's cap stops, so that of
     * it nothing is promised twice.
     */
    private static VolumeGrant slow(
            Draft draft, long number, List<GrantHolder> holders, long ownBytes, GrantTerms terms) {
        long group = holders.getFirst().ratingGroup();
        if (ownBytes == Long.MAX_VALUE) {
            return granted(draft, group, terms.smallestBytes(), terms, false);
        }
        long bytes = Math.min(terms.smallestBytes(), ownBytes - ownPromisedBytes(draft));
        promise(draft, number, holders, bytes, terms);
        return granted(draft, group, bytes, terms, bytes == ownBytes);
    }

    static boolean isUsedUp(Draft draft) {
        return UsedUp.isReason(draft.policy().reasonCode());
    }

    private static void promise(Draft draft, long number, List<GrantHolder> holders, long bytes, GrantTerms terms) {
        draft.charging.computeIfPresent(number, (same, session) -> {
            Map<GrantHolder, Promise> grants = new HashMap<>(session.grants());
            Instant until = draft.now.plus(terms.validity()).plus(GRACE);
            long seconds = Math.ceilDiv(until.getEpochSecond(), TIMER_STEP_SECONDS) * TIMER_STEP_SECONDS;
            for (int i = 0; i < holders.size(); i++) {
                long part = VolumeGrant.partOf(bytes, i, holders.size());
                if (part > 0) {
                    grants.put(holders.get(i), new Promise(part, Instant.ofEpochSecond(seconds)));
                }
            }
            return session.withGrants(grants);
        });
    }

    private static VolumeGrant granted(Draft draft, long group, long bytes, GrantTerms terms, boolean isFinal) {
        long seconds = Math.clamp(
                Duration.between(draft.now, volumeChangesAt(draft, isFinal)).toSeconds(),
                1,
                terms.validity().toSeconds());
        return new VolumeGrant(
                group, VolumeGrant.Result.SUCCESS, bytes, isFinal ? 0 : bytes / THRESHOLD_SHARE, seconds, isFinal);
    }

    /** The next moment at which volume comes or goes by itself: what was granted before may not be there after it. */
    private static Instant volumeChangesAt(Draft draft, boolean isFinal) {
        Instant next = Instant.MAX;
        List<@Nullable Instant> moments = new ArrayList<>();
        moments.add(draft.endsAt);
        moments.add(Allowances.renewsAt(draft));
        if (isFinal) {
            moments.add(OverageWatch.renewsAt(draft.terms.overage(), draft.charges, draft.planZone()));
        }
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

    /**
     * What a session that is refused waits for: bytes of the account's own cap that are promised to nobody, where the plan stops
     * also of the volume. One that only slows down refuses nobody for lack of volume.
     */
    static long freeBytes(Draft draft) {
        long ownFreeBytes = MemberWatch.leftBytes(draft) - ownPromisedBytes(draft);
        return stops(draft) ? Math.min(ownFreeBytes, spendableBytes(draft) - promisedBytes(draft)) : ownFreeBytes;
    }

    private static boolean stops(Draft draft) {
        return draft.terms.afterQuota() instanceof AfterQuota.Stop;
    }

    /** What is left, and what may be had beyond it at the price that was agreed to: up to the limit, and to the ceiling. */
    static long spendableBytes(Draft draft) {
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
}
