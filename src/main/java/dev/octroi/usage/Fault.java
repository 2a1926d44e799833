package dev.octroi.usage;

import java.util.Locale;

/** Why a record was not counted. */
public enum Fault {
    /** Not JSON, a member of the wrong form, or an unknown one. */
    MALFORMED(false),
    /** Bytes below zero. */
    NEGATIVE(false),
    /** More bytes than any session can have. */
    TOO_LARGE(false),
    /** The partner is not registered for this subscriber. */
    SUBSCRIBER_NOT_COVERED(false),
    /** No account is linked to this subscriber, yet. */
    UNKNOWN_SUBSCRIBER(true),
    /** Ends before the lateness horizon. */
    TOO_LATE(true),
    /** Ends in the future: a clock is wrong. */
    IN_FUTURE(true),
    /** The account cannot take it. */
    NOT_COUNTABLE(false),
    /** It could not be written although nothing is wrong with it: it waits until the cause is mended. */
    NOT_WRITTEN(true);

    private final String word = name().toLowerCase(Locale.ROOT);
    private final boolean kept;

    Fault(boolean kept) {
        this.kept = kept;
    }

    /** Whether the record is kept in the quarantine; else it is only answered. */
    public boolean kept() {
        return kept;
    }

    /** The stable word of the feed. */
    public String word() {
        return word;
    }
}
