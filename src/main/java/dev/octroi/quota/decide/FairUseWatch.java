package dev.octroi.quota.decide;

import dev.octroi.catalog.FairUse;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Until;
import dev.octroi.quota.account.Windows;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Slows down by the plan's fair-use tiers. A tier acts when it is crossed, so that one that was lifted stays lifted. */
final class FairUseWatch {
    static final String ID = "plan.fair_use";

    private FairUseWatch() {}

    /** The bytes of the window at hand. */
    static long windowBytes(Draft draft) {
        FairUse fairUse = draft.terms.fairUse();
        if (fairUse == null) {
            return 0;
        }
        return switch (fairUse.window()) {
            case DAY -> BeforeDate.bytes(draft, draft.day);
            case WEEK -> BeforeDate.bytes(draft, draft.week);
            case PLAN -> BeforeDate.planBytes(draft);
        };
    }

    /** Bytes were counted. */
    static void counted(Draft draft, long beforeBytes) {
        FairUse fairUse = draft.terms.fairUse();
        if (fairUse == null || draft.ended) {
            return;
        }
        long afterBytes = windowBytes(draft);
        FairUse.Tier crossed = null;
        for (FairUse.Tier tier : fairUse.tiers()) {
            if (beforeBytes < tier.fromBytes() && afterBytes >= tier.fromBytes()) {
                crossed = tier;
            }
        }
        if (crossed != null) {
            slow(draft, fairUse, crossed, afterBytes);
        }
    }

    /** Whether its end is the plan's. */
    static boolean isForPlan(Draft draft) {
        FairUse fairUse = draft.terms.fairUse();
        return fairUse != null && fairUse.window() == FairUse.Window.PLAN;
    }

    private static void slow(Draft draft, FairUse fairUse, FairUse.Tier tier, long bytes) {
        Instant end = end(draft, fairUse.window());
        draft.restrict(new Restriction(
                ID,
                RestrictionClass.FAIR_USE,
                ID,
                Level.THROTTLED,
                tier.speed(),
                null,
                null,
                null,
                draft.now,
                end == null ? new Until.Lifted() : new Until.At(end)));
        Map<String, Object> data = new HashMap<>();
        data.put("limit", "fair_use");
        data.put("window", fairUse.window().name().toLowerCase(Locale.ROOT));
        data.put("usedBytes", bytes);
        data.put("limitBytes", tier.fromBytes());
        data.put("downKbps", tier.speed().downKbps());
        data.put("upKbps", tier.speed().upKbps());
        draft.raise("usage.threshold_reached", data);
    }

    private static @Nullable Instant end(Draft draft, FairUse.Window window) {
        return switch (window) {
            case DAY -> Dwell.atLeast(draft, Windows.end(Rule.Window.DAY, draft.now, draft.dayZone()));
            case WEEK -> Dwell.atLeast(draft, Windows.end(Rule.Window.WEEK, draft.now, draft.dayZone()));
            case PLAN -> draft.endsAt;
        };
    }
}
