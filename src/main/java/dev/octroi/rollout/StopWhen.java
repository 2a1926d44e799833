package dev.octroi.rollout;

import java.util.Optional;

/**
 * When a roll-out stops by itself. 100 means never.
 *
 * @param restrictedPercent more than this share of the subscriptions that have the change are held back more strictly than
 *     before it, 0 to 100
 * @param undeliveredPercent of more than this share the network has not confirmed the policy, 0 to 100
 */
public record StopWhen(int restrictedPercent, int undeliveredPercent) {
    public StopWhen {
        if (restrictedPercent < 0 || restrictedPercent > 100 || undeliveredPercent < 0 || undeliveredPercent > 100) {
            throw new IllegalArgumentException("a share is 0 to 100 percent");
        }
    }

    /** What is bad, in words for people; empty while nothing is. */
    public Optional<String> judge(Indicator indicator) {
        if (over(indicator.restricted(), indicator.applied(), restrictedPercent)) {
            return Optional.of(indicator.restricted() + " of " + indicator.applied()
                    + " subscriptions are slower or suspended since the change; the limit is " + restrictedPercent
                    + " %.");
        }
        if (over(indicator.undelivered(), indicator.applied(), undeliveredPercent)) {
            return Optional.of("The network has not confirmed the policy of " + indicator.undelivered() + " of "
                    + indicator.applied() + " subscriptions; the limit is " + undeliveredPercent + " %.");
        }
        return Optional.empty();
    }

    private static boolean over(int some, int all, int percent) {
        return (long) some * 100 > (long) all * percent;
    }
}
