package dev.octroi.quota.decide;

import dev.octroi.quota.account.Bucket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * In which order buckets are spent: what is gone first, first; then what is good in one zone only; then what the traveller paid
 * for last, last.
 */
final class Spending {
    private Spending() {}

    /**
     * The buckets in spending order.
     *
     * @param renewsAt when the plan's own volume comes anew; null when it lasts as long as the plan
     */
    static List<Bucket> order(List<Bucket> buckets, @Nullable Instant renewsAt) {
        if (buckets.size() == 1) {
            return buckets;
        }
        List<Bucket> ordered = new ArrayList<>(buckets);
        ordered.sort(Comparator.comparing((Bucket bucket) -> gone(bucket, renewsAt))
                .thenComparing(bucket -> !bucket.isForZones())
                .thenComparing(bucket -> bucket.kind() != Bucket.Kind.ROLLOVER)
                .thenComparingInt(Bucket::id));
        return ordered;
    }

    private static Instant gone(Bucket bucket, @Nullable Instant renewsAt) {
        Instant own = bucket.isWindowed() ? renewsAt : bucket.expiresAt();
        return own == null ? Instant.MAX : own;
    }

    /**
     * Takes the bytes of a record that ended at a moment; returns what the buckets could not give.
     *
     * @param zone the zone with a tariff of its own where they were used; null: none
     */
    static long take(Draft draft, Instant at, @Nullable String zone, long bytes) {
        Instant renewedAt = draft.terms.renewal() == null ? null : draft.renewedAt;
        Instant of = PeriodWatch.momentOf(draft, at);
        boolean isLate = renewedAt != null && of.isBefore(renewedAt);
        boolean isOfLastWindow = renewedAt != null && isLate && !of.isBefore(Allowances.windowBefore(draft, renewedAt));
        List<Bucket> buckets = new ArrayList<>(draft.buckets);
        long rest = bytes;
        for (Bucket bucket : draft.buckets) {
            boolean open = bucket.isWindowed() ? isOfLastWindow : isBefore(at, bucket.expiresAt());
            long part = open && bucket.isFor(zone) ? Math.min(rest, bucket.lateBytes()) : 0;
            if (part > 0) {
                buckets.set(bucket.id() - 1, bucket.takeLate(part));
                rest -= part;
            }
        }
        for (Bucket bucket : order(List.copyOf(buckets), Allowances.renewsAt(draft))) {
            // What an older window had left nobody knows: it may have been enough, so that purchases are not touched.
            boolean open =
                    !isLate || (isOfLastWindow && (!bucket.isWindowed() || bucket.kind() == Bucket.Kind.ROLLOVER));
            long part = open && bucket.isFor(zone) ? Math.min(rest, bucket.remainingBytes()) : 0;
            if (part > 0) {
                buckets.set(bucket.id() - 1, bucket.take(part));
                rest -= part;
            }
        }
        draft.buckets = buckets;
        draft.usedBytes += bytes - rest;
        return rest;
    }

    private static boolean isBefore(Instant at, @Nullable Instant end) {
        return end != null && at.isBefore(end);
    }
}
