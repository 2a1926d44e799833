package dev.octroi.subscription;

import java.util.Locale;

/** What became of the wish to take a sale back. */
public sealed interface Cancellation {
    /**
     * Cancelled; durable once the transaction commits.
     *
     * @param subscription as it is now
     * @param isNew whether it was not cancelled before
     * @param committed to be called after the commit
     */
    record Cancelled(Subscription subscription, boolean isNew, Runnable committed) implements Cancellation {}

    /**
     * Not cancelled; nothing must be committed.
     *
     * @param reason why
     */
    record Refused(Reason reason) implements Cancellation {}

    /** Why a sale is not taken back. */
    enum Reason {
        /** The profile is kept by another SM-DP+. */
        ELSEWHERE("The profile is kept by another SM-DP+, which has to withdraw it"),
        /** A card has the profile, or had it. */
        ON_A_CARD("A card has the profile, or had it");

        private final String sentence;

        Reason(String sentence) {
            this.sentence = sentence;
        }

        /** The stable word of APIs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** One sentence, fit for a problem's detail. */
        public String sentence() {
            return sentence;
        }
    }
}
