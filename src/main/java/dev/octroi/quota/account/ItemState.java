package dev.octroi.quota.account;

import java.util.Locale;

/** How far a change over many subscriptions is with one account. */
public enum ItemState {
    /** Not reached yet. */
    PENDING,
    /** Done. */
    APPLIED,
    /** What the change wants was there before: nothing was touched. */
    UNCHANGED,
    /** The account cannot take it, such as a rule too many. */
    REFUSED,
    /** Done, and taken back. */
    UNDONE,
    /** Done, and not taken back, because somebody changed the same thing since. */
    KEPT;

    /** The stable word of APIs and of the database. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
