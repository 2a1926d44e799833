package dev.octroi.access;

import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a credential may touch beside its scopes: {@code action:NAME} what a policy may do, {@code zone:NAME} where. A kind
 * that is not named is free; no target at all: everything that the scopes allow.
 */
public final class Targets {
    /** The actions that can be allowed. */
    public static final Set<String> ACTIONS =
            Set.of("notify", "throttle", "pause", "suspend", "lift", "credit", "block");

    private static final String ACTION = "action:";
    private static final String ZONE = "zone:";
    private static final Pattern PLACE = Pattern.compile("[A-Z]{2}|zone_[0-9A-HJKMNP-TV-Z]{13}");

    private Targets() {}

    /** Whether text is a target that can be given to a client. */
    public static boolean isTarget(String text) {
        return text.startsWith(ACTION)
                ? ACTIONS.contains(text.substring(ACTION.length()))
                : text.startsWith(ZONE)
                        && PLACE.matcher(text.substring(ZONE.length())).matches();
    }

    /** Whether targets allow an action. */
    public static boolean allowAction(Set<String> targets, String action) {
        return targets.contains(ACTION + action) || names(targets, ACTION).isEmpty();
    }

    /**
     * Whether targets allow what acts in these places.
     *
     * @param places country codes and zone ids; empty: everywhere
     */
    public static boolean allowPlaces(Set<String> targets, Collection<String> places) {
        Set<String> allowed = names(targets, ZONE);
        return allowed.isEmpty()
                || (!places.isEmpty() && places.stream().allMatch(place -> allowed.contains(ZONE + place)));
    }

    /** Whether targets are no wider than others: of each kind that the others limit, some and none more. */
    public static boolean within(Set<String> targets, Set<String> limits) {
        return within(targets, limits, ACTION) && within(targets, limits, ZONE);
    }

    private static boolean within(Set<String> targets, Set<String> limits, String kind) {
        Set<String> limit = names(limits, kind);
        Set<String> own = names(targets, kind);
        return limit.isEmpty() || (!own.isEmpty() && limit.containsAll(own));
    }

    private static Set<String> names(Set<String> targets, String kind) {
        return targets.stream().filter(target -> target.startsWith(kind)).collect(Collectors.toUnmodifiableSet());
    }
}
