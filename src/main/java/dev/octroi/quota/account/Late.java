package dev.octroi.quota.account;

import java.util.Locale;

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
}
