package dev.octroi.privacy;

import static java.util.Objects.requireNonNull;

/** What became of the wish that a traveller be forgotten. */
public sealed interface Erasure {
    /**
     * It is begun, and goes on also where whoever asked is gone.
     *
     * @param isNew whether nobody asked before
     */
    record Begun(boolean isNew) implements Erasure {}

    /** There is no such subscription. */
    record Unknown() implements Erasure {}

    /**
     * Nothing was erased.
     *
     * @param reason why
     */
    record Refused(Reason reason) implements Erasure {
        public Refused {
            requireNonNull(reason, "reason is null");
        }
    }

    /** Why nothing is erased yet. */
    enum Reason {
        /** The plan is not over, and the sale was not taken back. */
        ALIVE,
        /** A charging session counts on. */
        SESSION_OPEN,
        /** A case is not settled. */
        CASE_OPEN,
        /** The network or the SM-DP+ has not answered yet. */
        STILL_TELLING,
        /** What was used before the end may still be reported, and charged. */
        RECORDS_MAY_COME
    }
}
