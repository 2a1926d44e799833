package dev.octroi.drain;

import java.util.Locale;

/** What sort of drain an alarm names. */
public enum DrainKind {
    /** Many times the usual volume within hours. */
    BURST,
    /** Volume in the hours in which the traveller sleeps. */
    NIGHT,
    /** A moderate, even flow around the clock for days. */
    LEAK,
    /** Small, regular, mostly upward transfers. */
    BEACON,
    /** One category far above its own normal for hours. */
    APP,
    /** Heavy use in a zone where the subscription has never been. */
    ZONE,
    /** Clearly not the usual use, yet none of the above. */
    UNKNOWN;

    private static final DrainKind[] VALUES = values();

    static DrainKind at(int ordinal) {
        return VALUES[ordinal];
    }

    /** The word used in files, pages and APIs. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
