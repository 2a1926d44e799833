package dev.octroi.quota;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which closed time a record that comes late belongs to. */
public enum Late {
    /** The window before the one at hand: it takes what that one left, and else costs what it would have cost then. */
    LAST_WINDOW,
    /** A window before that: what it left is not remembered, so what it has is used beyond the volume, at no price. */
    OLDER_WINDOW,
    /** A plan that has ended: it takes what the plan left, and is never charged. */
    ENDED_PLAN;

    /** The stable word of metrics and events. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a record that ended at a moment is; null for one of the window at hand. */
    static @Nullable Late of(Draft draft, Instant at) {
        Instant endsAt = draft.endsAt;
        if (draft.ended && endsAt != null && at.isBefore(endsAt)) {
            return ENDED_PLAN;
        }
        Instant renewedAt = draft.terms.renewal() == null ? null : draft.renewedAt;
        if (renewedAt == null || !at.isBefore(renewedAt)) {
            return null;
        }
        return at.isBefore(Allowances.windowBefore(draft, renewedAt)) ? OLDER_WINDOW : LAST_WINDOW;
    }
}
