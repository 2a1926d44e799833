package dev.octroi.rsp.order;

import java.util.Locale;

/** Where a profile stands at the SM-DP+ (SGP.22 §3.1.6). */
public enum ProfileState {
    /** In stock. */
    AVAILABLE,
    /** Ordered, for any card. */
    ALLOCATED,
    /** Ordered for one card. */
    LINKED,
    /** Has its matching id, waits for the release. */
    CONFIRMED,
    /** May be downloaded. */
    RELEASED,
    /** A package was delivered; the card has not answered yet. */
    DOWNLOADED,
    /** On a card. */
    INSTALLED,
    /** The order ended without success; the cause says how. */
    ERROR,
    /** Never to be used again. */
    UNAVAILABLE;

    /** Whether a card may ask for it. */
    public boolean isPending() {
        return this == RELEASED || this == DOWNLOADED;
    }

    /** The form in the database and in APIs. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ProfileState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
