package dev.octroi.rollout;

import java.util.Locale;

/** Where a change over many subscriptions stands. */
public enum ChangeState {
    /** Somebody else has to approve it. */
    WAITING,
    /** It is applied, step by step. */
    RUNNING,
    /** A person holds it. */
    PAUSED,
    /** An indicator went bad: it was stopped by itself. */
    STOPPED,
    /** Applied everywhere, and its last soak is over. */
    COMPLETED,
    /** Somebody with the right to approve said no. */
    REJECTED,
    /** Taken back before anything was applied. */
    WITHDRAWN,
    /** Nobody approved it in time. */
    EXPIRED,
    /** What it did is being taken back. */
    UNDOING,
    /** What it did is taken back, as far as nobody changed it since. */
    UNDONE;

    /** The stable word of APIs and of the database. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of a stable word. */
    public static ChangeState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
