package dev.octroi.rsp.order;

import java.util.Locale;

/** What the card last said of the profile; proven by its signature. */
public enum CardPresence {
    /** Nothing yet, or no more than that it installed the profile. */
    NONE,
    /** Installed, not in use any more. */
    DISABLED,
    /** In use. */
    ENABLED,
    /** Deleted from the card. */
    DELETED;

    /** The form in the database and in APIs. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static CardPresence of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
