package dev.octroi.policy;

import java.time.LocalTime;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of all use that a rule is about. An empty set and no hours mean: all of it.
 *
 * @param zones zone ids or ISO 3166 country codes, at most 20
 * @param networks visited networks as {@code MCC-MNC}, at most 20
 * @param hours hours of the local day; null: always
 * @param categories traffic categories (feed words), at most 20
 */
public record Where(
        Set<String> zones, Set<String> networks, @Nullable Hours hours, Set<String> categories) {
    /** All use. */
    public static final Where EVERYWHERE = new Where(Set.of(), Set.of(), null, Set.of());

    private static final Pattern NETWORK = Pattern.compile("[0-9]{3}-[0-9]{2,3}");
    private static final int MAX_NAMES = 20;
    private static final int MAX_NAME_LENGTH = 64;

    public Where {
        zones = Set.copyOf(zones);
        networks = Set.copyOf(networks);
        categories = Set.copyOf(categories);
        checkNames(zones);
        checkNames(networks);
        checkNames(categories);
        if (!networks.stream().allMatch(each -> NETWORK.matcher(each).matches())) {
            throw new IllegalArgumentException("a network is a country code and a network code, such as 208-01");
        }
    }

    /** Whether it leaves nothing out. */
    public boolean isEverywhere() {
        return zones.isEmpty() && networks.isEmpty() && hours == null && categories.isEmpty();
    }

    /**
     * Whether a place and a time of day lie within; categories are not looked at.
     *
     * @param zone zone id, when the place is in one
     * @param country ISO 3166 code
     * @param network {@code MCC-MNC}
     * @param time local time of day
     */
    public boolean contains(@Nullable String zone, String country, String network, LocalTime time) {
        boolean inZone = zones.isEmpty() || zones.contains(country) || (zone != null && zones.contains(zone));
        return inZone && (networks.isEmpty() || networks.contains(network)) && (hours == null || hours.contain(time));
    }

    /** Whether a time of day lies within, and neither zone nor network is asked for. */
    public boolean containsAnywhere(LocalTime time) {
        return zones.isEmpty() && networks.isEmpty() && (hours == null || hours.contain(time));
    }

    private static void checkNames(Set<String> names) {
        if (names.size() > MAX_NAMES) {
            throw new IllegalArgumentException("at most 20 names");
        }
        for (String name : names) {
            if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
                throw new IllegalArgumentException("a name has 1 to 64 characters");
            }
        }
    }

    /**
     * Hours of the local day; over midnight when the end is before the start.
     *
     * @param from first minute
     * @param to first minute after
     */
    public record Hours(LocalTime from, LocalTime to) {
        public Hours {
            if (from.equals(to)) {
                throw new IllegalArgumentException("the hours are empty");
            }
        }

        /** Whether a time of day lies within. */
        public boolean contain(LocalTime time) {
            boolean afterStart = !time.isBefore(from);
            boolean beforeEnd = time.isBefore(to);
            return from.isBefore(to) ? afterStart && beforeEnd : afterStart || beforeEnd;
        }
    }
}
