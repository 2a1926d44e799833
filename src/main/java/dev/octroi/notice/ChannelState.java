package dev.octroi.notice;

import java.util.Locale;

/** How far an address is. */
public enum ChannelState {
    /** Whoever reads it has not said yet that messages are wanted; nothing else is sent there. */
    PENDING,
    /** Messages are sent there. */
    CONFIRMED,
    /** The recipient's server refuses it for good; nothing is sent there. */
    FAILED;

    /** The stable word of the database and of APIs. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ChannelState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
