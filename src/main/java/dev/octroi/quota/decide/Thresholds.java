package dev.octroi.quota.decide;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Until;
import dev.octroi.policy.UsedUp;
import java.time.Instant;
import java.util.Map;

/** Warns before the volume is used up and restricts when it is. */
final class Thresholds {
    static final String QUOTA_USED = UsedUp.QUOTA;

    private static final String EVENT = "usage.threshold_reached";

    private Thresholds() {}

    /** Some of the volume was taken. */
    static void taken(Draft draft) {
        if (draft.ended) {
            return;
        }
        long total = draft.totalBytes();
        if (total > 0 && draft.takenBytes() >= warnAtBytes(draft.terms, total) && !WarnedSizes.contains(draft, total)) {
            WarnedSizes.add(draft, total);
            draft.raise(EVENT, told(draft, draft.terms.warnAtPercent(), total));
        }
        if (draft.remainingBytes() > 0 || draft.holds(QUOTA_USED)) {
            return;
        }
        if (OverageWatch.carries(draft)) {
            OverageWatch.holdAtLimit(draft);
        } else {
            draft.restrict(restriction(draft));
            draft.raise(EVENT, told(draft, 100, total));
        }
    }

    /**
     * Time has passed. Volume that is there is held back neither for want of volume nor at the limit of charges: gateways of
     * before did so where little was bought.
     */
    static void advance(Draft draft) {
        if ((draft.holds(QUOTA_USED) || draft.holds(OverageWatch.LIMIT)) && draft.remainingBytes() > 0) {
            draft.release(each -> each.id().equals(QUOTA_USED) || each.id().equals(OverageWatch.LIMIT));
        }
    }

    /**
     * The volume grew. The warning is given again when the new limit's own threshold is crossed; when it is already
     * behind, the traveller has been warned and is not warned twice.
     */
    static void limitRaised(Draft draft) {
        long total = draft.totalBytes();
        if (draft.warnedTotalBytes > 0 && draft.takenBytes() >= warnAtBytes(draft.terms, total)) {
            WarnedSizes.add(draft, total);
        }
    }

    /** Some of the volume is gone without being used. What is left has its own threshold, also where it is as large as before. */
    static void limitLowered(Draft draft) {
        long total = draft.totalBytes();
        if (total == 0 || draft.takenBytes() < warnAtBytes(draft.terms, total)) {
            WarnedSizes.forget(draft);
        }
        taken(draft);
    }

    private static Restriction restriction(Draft draft) {
        Instant renewsAt = Allowances.renewsAt(draft);
        Instant end = renewsAt == null ? draft.endsAt : renewsAt;
        return switch (draft.terms.afterQuota()) {
            case AfterQuota.Throttle throttle ->
                new Restriction(
                        QUOTA_USED,
                        RestrictionClass.PLAN_QUOTA,
                        QUOTA_USED,
                        Level.THROTTLED,
                        throttle.speed(),
                        null,
                        null,
                        null,
                        draft.now,
                        new Until.TopUp(end));
            case AfterQuota.Stop stop ->
                new Restriction(
                        QUOTA_USED,
                        RestrictionClass.PLAN_QUOTA,
                        QUOTA_USED,
                        Level.SUSPENDED_DATA,
                        null,
                        null,
                        null,
                        null,
                        draft.now,
                        new Until.TopUp(end));
        };
    }

    /** Rounded up, so that the warning never comes early; without the overflow of a plain product. */
    static long warnAtBytes(PlanTerms terms, long total) {
        int percent = terms.warnAtPercent();
        return total / 100 * percent + (total % 100 * percent + 99) / 100;
    }

    private static Map<String, Object> told(Draft draft, int percent, long total) {
        return Map.of("limit", "plan", "percent", percent, "usedBytes", draft.takenBytes(), "limitBytes", total);
    }
}
