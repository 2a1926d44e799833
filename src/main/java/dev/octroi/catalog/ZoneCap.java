package dev.octroi.catalog;

import static java.util.Objects.requireNonNull;

import dev.octroi.policy.Speed;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place where a plan is slower, or where it does not work.
 *
 * @param zoneId identifier of the zone, 1 to 64 characters
 * @param name its name for people, for example "Paris centre"
 * @param trackingAreas where it is: {@code MCC-MNC}, {@code MCC-MNC-TAC} or {@code MCC-MNC-TAC-CELL}, TAC and cell in
 *     hexadecimal as the network writes them; up to 5,000 entries
 * @param speed the cap inside; null: no data passes inside
 */
public record ZoneCap(
        String zoneId,
        String name,
        Set<String> trackingAreas,
        @Nullable Speed speed) {
    private static final Pattern AREA = Pattern.compile("[0-9]{3}-[0-9]{2,3}(-[0-9A-F]{1,6}(-[0-9A-F]{1,9})?)?");
    private static final int MAX_AREAS = 5_000;
    private static final int MAX_LENGTH = 64;

    public ZoneCap {
        requireNonNull(zoneId, "zoneId is null");
        requireNonNull(name, "name is null");
        trackingAreas = Set.copyOf(trackingAreas);
        if (zoneId.isEmpty() || zoneId.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a zone id has 1 to 64 characters");
        }
        if (trackingAreas.isEmpty() || trackingAreas.size() > MAX_AREAS) {
            throw new IllegalArgumentException("a zone has 1 to 5,000 areas");
        }
        for (String area : trackingAreas) {
            if (!AREA.matcher(area).matches()) {
                throw new IllegalArgumentException("an area is MCC-MNC, MCC-MNC-TAC or MCC-MNC-TAC-CELL");
            }
        }
    }
}
