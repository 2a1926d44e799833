package dev.octroi.quota.decide;

import dev.octroi.quota.account.RuleCount;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of the volume whose warning was given in the window at hand. The last one stands with the account; where zones have
 * volumes of their own the last one of each zone is kept, too, so that no border repeats a warning.
 */
final class WarnedSizes {
    /** Beside the counts of rules, whose names begin with an owner; it has no owner of a rule. */
    private static final String KEY = "plan:warned.";

    private WarnedSizes() {}

    static boolean contains(Draft draft, long totalBytes) {
        if (totalBytes == draft.warnedTotalBytes) {
            return true;
        }
        Instant window = window(draft);
        if (draft.terms.zoneTariffs().isEmpty() || window == null) {
            return false;
        }
        for (Map.Entry<String, RuleCount> each : draft.ruleCounts.entrySet()) {
            RuleCount count = each.getValue();
            if (each.getKey().startsWith(KEY) && count.start().equals(window) && count.amount() == totalBytes) {
                return true;
            }
        }
        return false;
    }

    static void add(Draft draft, long totalBytes) {
        draft.warnedTotalBytes = totalBytes;
        Instant window = window(draft);
        // A volume that several spend is for everywhere.
        if (draft.terms.zoneTariffs().isEmpty() || draft.terms.sharing() != null || window == null) {
            return;
        }
        String zone = draft.charges.zone();
        draft.ruleCounts.put(
                KEY + (zone == null ? "" : zone),
                RuleCount.NEW.at(window).plus(totalBytes).fired(true, null));
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
