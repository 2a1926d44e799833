package dev.octroi.drain;

import java.util.Locale;

/** What sort of drain an alarm names. */
public enum DrainKind {
    /** Many times the usual volume within hours. */
    BURST(0),
    /** Volume in the hours in which the traveller sleeps. */
    NIGHT(1),
    /** A moderate, even flow around the clock for days. */
    LEAK(2),
    /** Small, regular, mostly upward transfers. */
    BEACON(3),
    /** One category far above its own normal for hours. */
    APP(4),
    /** Heavy use in a zone where the subscription has never been. */
    ZONE(5),
    /** Clearly not the usual use, yet none of the above. */
    UNKNOWN(6),
    /** A destination that is known to be bad, whatever the volume; the block list finds it, not the detector. */
    DESTINATION(7);

    private static final DrainKind[] VALUES = values();

    private final int code;

    DrainKind(int code) {
        this.code = code;
    }

    static DrainKind at(int code) {
        return VALUES[code];
    }

    /** The word used in files, pages and APIs. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its place in weights and in serialised states; never reused. */
    int code() {
        return code;
    }
}
