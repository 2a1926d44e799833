package dev.octroi.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One version of a zone: a place by what the network knows of it. It never changes.
 *
 * @param id the zone, the same for all versions
 * @param version from 1
 * @param name for people, 1 to 120 characters
 * @param trackingAreas {@code MCC-MNC-TAC} or {@code MCC-MNC-TAC-CELL}, from the TAC on in upper-case hexadecimal; at
 *     most 2,000
 * @param networks {@code MCC-MNC}, at most 500
 * @param createdAt when this version was published
 */
public record Zone(
        long id, int version, String name, List<String> trackingAreas, List<String> networks, Instant createdAt) {
    private static final Pattern AREA = Pattern.compile("[0-9]{3}-[0-9]{2,3}-[0-9A-F]{1,6}(-[0-9A-F]{1,9})?");
    private static final Pattern NETWORK = Pattern.compile("[0-9]{3}-[0-9]{2,3}");
    private static final int MAX_AREAS = 2_000;
    private static final int MAX_NETWORKS = 500;
    private static final int MAX_NAME = 120;

    public Zone {
        requireNonNull(createdAt, "createdAt is null");
        trackingAreas = trackingAreas.stream().distinct().sorted().toList();
        networks = networks.stream().distinct().sorted().toList();
        if (version < 1 || name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("a zone has a version from 1 and a name of 1 to 120 characters");
        }
        if (trackingAreas.size() > MAX_AREAS || networks.size() > MAX_NETWORKS) {
            throw new IllegalArgumentException("a zone has at most 2,000 areas and 500 networks");
        }
        if (trackingAreas.isEmpty() && networks.isEmpty()) {
            throw new IllegalArgumentException("a zone has an area or a network");
        }
        if (!trackingAreas.stream().allMatch(area -> AREA.matcher(area).matches())
                || !networks.stream()
                        .allMatch(network -> NETWORK.matcher(network).matches())) {
            throw new IllegalArgumentException("an area is MCC-MNC-TAC, a network MCC-MNC");
        }
    }

    /** Areas and networks together, as {@link ZoneCap} takes them. */
    public Set<String> places() {
        Set<String> places = new LinkedHashSet<>(trackingAreas);
        places.addAll(networks);
        return places;
    }
}
