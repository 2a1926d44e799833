package dev.octroi.policy;

import java.util.Locale;

/** What the network does with a subscription's traffic, in rising strictness. */
public enum Level {
    /** Nothing is held back. */
    NORMAL,
    /** All traffic is held to a {@link Speed}. */
    THROTTLED,
    /** Background traffic is blocked; what remains may be held to a speed. */
    BACKGROUND_BLOCKED,
    /** No data passes; the device stays attached. */
    SUSPENDED_DATA,
    /** Nothing passes. */
    SUSPENDED_ALL;

    /** The stable word of callbacks and APIs, for example {@code suspended_data}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
