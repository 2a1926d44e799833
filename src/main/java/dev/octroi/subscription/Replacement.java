package dev.octroi.subscription;

import java.util.Locale;

/** What became of the wish to replace a lost profile. */
public sealed interface Replacement {
    /**
     * Replaced; durable once the transaction commits.
     *
     * @param subscription with its new profile
     * @param committed to be called after the commit
     */
    record Replaced(Subscription subscription, Runnable committed) implements Replacement {}

    /**
     * Not replaced; nothing must be committed.
     *
     * @param reason why
     */
    record Refused(Reason reason) implements Replacement {}

    /** Why a profile is not replaced. */
    enum Reason {
        /** The profile, or its successor, comes from another SM-DP+. */
        ELSEWHERE("The profile is kept by another SM-DP+, which has to withdraw it"),
        /** The subscription has left the shared account, and its data stopped for good. */
        MEMBER_LEFT("The subscription has left the shared account for good"),
        /** The sale was taken back. */
        CANCELLED("The subscription was cancelled"),
        /** The stock of the plan's profile type is used up. */
        OUT_OF_STOCK("There is no profile of the plan's type in stock");

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
