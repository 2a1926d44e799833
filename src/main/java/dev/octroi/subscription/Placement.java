package dev.octroi.subscription;

/** What became of an order request. */
public sealed interface Placement {
    /**
     * Ordered; durable once the transaction commits.
     *
     * @param order the order
     */
    record Placed(Order order) implements Placement {}

    /**
     * Not ordered; nothing was written.
     *
     * @param reason why
     */
    record Refused(Reason reason) implements Placement {}

    /** Why an order is refused. */
    enum Reason {
        /** The tenant has no such plan. */
        UNKNOWN_PLAN("There is no such plan"),
        /** The plan is off sale. */
        PLAN_WITHDRAWN("The plan is off sale"),
        /** The tenant has no such quote. */
        UNKNOWN_QUOTE("There is no such quote"),
        /** The plan has a fixed beginning, and its end is past. */
        PLAN_OVER("The plan has ended"),
        /** The quote has expired. */
        QUOTE_EXPIRED("The quote has expired"),
        /** The quote is about another plan or quantity. */
        QUOTE_MISMATCH("The quote is about another plan or quantity"),
        /** The stock has fewer profiles of the plan's type than were ordered. */
        OUT_OF_STOCK("The stock has not so many profiles of the plan's type"),
        /** The tenant has no such subscription to share with. */
        UNKNOWN_SHARED("There is no such subscription to share with"),
        /** The plan is for one subscription. */
        NOT_SHARED("The subscription's plan is not for several"),
        /** The subscription draws from another one itself. */
        NOT_THE_OWNER("The subscription spends another one's volume itself"),
        /** The subscription was sold another plan. */
        PLAN_MISMATCH("The subscription to share with was sold another plan"),
        /** As many subscriptions draw from it as the plan allows. */
        SHARED_FULL("The plan allows no further subscription on this volume"),
        /** The plan's profile type is not sold any more. */
        PROFILE_TYPE_RETIRED("The plan's profile type is retired");

        private final String sentence;

        Reason(String sentence) {
            this.sentence = sentence;
        }

        /** The stable word of APIs. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** One sentence, fit for a problem's detail. */
        public String sentence() {
            return sentence;
        }
    }
}
