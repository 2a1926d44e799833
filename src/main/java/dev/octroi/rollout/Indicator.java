package dev.octroi.rollout;

/**
 * What is seen of a roll-out.
 *
 * @param applied subscriptions that have the change
 * @param restricted of these, held back more strictly than before it
 * @param undelivered of these, whose policy the network should have confirmed and has not
 */
public record Indicator(int applied, int restricted, int undelivered) {
    /** Nothing is applied yet. */
    public static final Indicator NONE = new Indicator(0, 0, 0);
}
