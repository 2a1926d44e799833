package dev.octroi.policy;

import java.util.Set;

/**
 * Whether one rule leaves another one nothing to do: it acts whenever the other would, at least as strictly and for at least as
 * long. Says yes only where that follows from the rules alone; two rules may be of the same effect without it.
 */
public final class RuleCover {
    private RuleCover() {}

    /** Whether the second rule could never be felt beside the first. A rule that only tells is always of use. */
    public static boolean covers(Rule strict, Rule other) {
        return !strict.then().stream().allMatch(Action.Notify.class::isInstance)
                && isAlwaysMet(strict.when(), other.when())
                && lasts(strict, other)
                && other.then().stream()
                        .filter(action -> !(action instanceof Action.Notify))
                        .allMatch(action -> strict.then().stream().anyMatch(own -> covers(own, action)))
                && !other.then().stream().allMatch(Action.Notify.class::isInstance);
    }

    private static boolean isAlwaysMet(Condition strict, Condition other) {
        if (!contains(strict.where(), other.where())) {
            return false;
        }
        return switch (strict) {
            case Condition.Used own ->
                other instanceof Condition.Used used
                        && own.metric() == used.metric()
                        && own.window() == used.window()
                        && own.rollingHours() == used.rollingHours()
                        && own.over() <= used.over();
            case Condition.During own -> other instanceof Condition.During;
            case Condition.Happened own ->
                other instanceof Condition.Happened happened && own.occasion() == happened.occasion();
        };
    }

    /** Hours are compared as they are written: others that contain them are not looked for. */
    private static boolean contains(Where wide, Where narrow) {
        return contains(wide.zones(), narrow.zones())
                && contains(wide.networks(), narrow.networks())
                && contains(wide.categories(), narrow.categories())
                && (wide.hours() == null || wide.hours().equals(narrow.hours()));
    }

    private static boolean contains(Set<String> wide, Set<String> narrow) {
        return wide.isEmpty() || (!narrow.isEmpty() && wide.containsAll(narrow));
    }

    private static boolean lasts(Rule strict, Rule other) {
        return strict.until().equals(other.until())
                || (strict.until() instanceof Rule.End.Manual && !(other.until() instanceof Rule.End.Moment));
    }

    private static boolean covers(Action own, Action other) {
        if (own instanceof Action.Suspend || (own instanceof Action.Pause && !(other instanceof Action.Suspend))) {
            return true;
        }
        return switch (other) {
            case Action.Throttle throttle ->
                own instanceof Action.Throttle slow
                        && slow.speed().downKbps() <= throttle.speed().downKbps()
                        && slow.speed().upKbps() <= throttle.speed().upKbps();
            case Action.BlockCategories block ->
                own instanceof Action.BlockCategories more && more.categories().containsAll(block.categories());
            default -> own.equals(other);
        };
    }
}
