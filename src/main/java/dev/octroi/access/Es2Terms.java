package dev.octroi.access;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What holds for a partner on ES2+ (SGP.22 v2.5 §5.3).
 *
 * @param requesterId the {@code functionRequesterIdentifier} that it calls under; empty: any
 * @param profileTypes the types that it may order; empty: all
 * @param notificationPoints number of the notification point for each step that it hears of; empty: the standard ones
 */
public record Es2Terms(
        Optional<String> requesterId, Set<String> profileTypes, Optional<Map<String, Integer>> notificationPoints) {
    /** Any identifier, all types, the standard points. */
    public static final Es2Terms NONE = new Es2Terms(Optional.empty(), Set.of(), Optional.empty());

    public Es2Terms {
        requireNonNull(requesterId, "requesterId is null");
        profileTypes = Set.copyOf(profileTypes);
        notificationPoints = notificationPoints.map(Map::copyOf);
    }

    /** Whether it may order profiles of a type. */
    public boolean allows(String profileType) {
        return profileTypes.isEmpty() || profileTypes.contains(profileType);
    }
}
