package dev.octroi.quota.decide;

import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.RuleCount;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of the volume whose warning was given in the window at hand. The last one stands with the account; where zones have
 * volumes of their own the last one of each zone is kept, too, so that no border repeats a warning and each volume has its own.
 */
final class WarnedSizes {
    /** Beside the counts of rules, whose names begin with an owner; it has no owner of a rule. */
    private static final String KEY = "plan:warned.";

    private WarnedSizes() {}

    static boolean contains(Draft draft, long totalBytes) {
        Instant window = window(draft);
        if (!isOfZones(draft) || window == null) {
            return totalBytes == draft.warnedTotalBytes;
        }
        boolean knowsZones = false;
        for (Map.Entry<String, RuleCount> each : draft.ruleCounts.entrySet()) {
            RuleCount count = each.getValue();
            if (each.getKey().startsWith(KEY) && count.start().equals(window)) {
                knowsZones = true;
                if (count.amount() == totalBytes && isSameVolume(draft, each.getKey())) {
                    return true;
                }
            }
        }
        return !knowsZones && totalBytes == draft.warnedTotalBytes;
    }

    /** Whether a zone's volume is that of the zone at hand: another one may be as large, and a price alone is no volume. */
    private static boolean isSameVolume(Draft draft, String key) {
        String zone = key.length() == KEY.length() ? null : key.substring(KEY.length());
        for (Bucket bucket : draft.buckets) {
            if (bucket.quotaBytes() > 0 && bucket.isFor(zone) != bucket.isFor(draft.charges.zone())) {
                return false;
            }
        }
        return true;
    }

    static void add(Draft draft, long totalBytes) {
        draft.warnedTotalBytes = totalBytes;
        Instant window = window(draft);
        if (!isOfZones(draft) || window == null) {
            return;
        }
        String zone = draft.charges.zone();
        draft.ruleCounts.put(
                KEY + (zone == null ? "" : zone),
                RuleCount.NEW.at(window).plus(totalBytes).fired(true, null));
    }

    /** A volume that several spend is for everywhere. */
    private static boolean isOfZones(Draft draft) {
        return !draft.terms.zoneTariffs().isEmpty() && draft.terms.sharing() == null;
    }

    static void forget(Draft draft) {
        draft.warnedTotalBytes = 0;
        if (!draft.terms.zoneTariffs().isEmpty()) {
            draft.ruleCounts.keySet().removeIf(key -> key.startsWith(KEY));
        }
    }

    private static @Nullable Instant window(Draft draft) {
        return draft.renewedAt == null ? draft.startsAt : draft.renewedAt;
    }
}
