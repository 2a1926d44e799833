package dev.octroi.drain;

/** What is normal for the subscriptions of each class of plan: the prior of a subscription without history. */
public final class Population {
    private Population() {}

    /** The population that ships with the product; good enough for a gateway with a handful of subscriptions. */
    public static Population shipped() {
        return new Population();
    }
}
