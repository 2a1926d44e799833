package dev.octroi.drain;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Destinations that are known to be bad, as the feed's destination classes name them: a 3GPP application id, a DNS or SNI
 * category. Loaded by an administrator, one version after the other.
 *
 * @param version counts the lists, 0 for the empty one before the first
 * @param destinations lower case, at most {@link #MAX_ENTRIES}
 */
public record BlockList(long version, Set<String> destinations) {
    /** Most entries of a list. */
    public static final int MAX_ENTRIES = 10_000;

    /** Most characters of a destination class. */
    public static final int MAX_LENGTH = 64;

    /** Nothing is known to be bad. */
    public static final BlockList EMPTY = new BlockList(0, Set.of());

    public BlockList {
        if (destinations.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException("a block list has at most " + MAX_ENTRIES + " entries");
        }
        Set<String> lower = new HashSet<>();
        for (String each : destinations) {
            if (each.isEmpty() || each.length() > MAX_LENGTH) {
                throw new IllegalArgumentException("a destination class has 1 to " + MAX_LENGTH + " characters");
            }
            lower.add(each.toLowerCase(Locale.ROOT));
        }
        destinations = Set.copyOf(lower);
    }

    /** Whether a destination class is on the list; case is ignored. */
    public boolean blocks(String destinationClass) {
        return !destinations.isEmpty() && destinations.contains(destinationClass.toLowerCase(Locale.ROOT));
    }
}
