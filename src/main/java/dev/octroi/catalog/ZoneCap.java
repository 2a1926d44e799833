package dev.octroi.catalog;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.octroi.policy.Speed;
import dev.octroi.policy.Where;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place where a plan is slower, where it does not work, or where it asks or warns.
 *
 * @param zoneId identifier of the zone, 1 to 64 characters
 * @param name its name for people, for example "Paris centre"
 * @param trackingAreas where it is: {@code MCC-MNC}, {@code MCC-MNC-TAC} or {@code MCC-MNC-TAC-CELL}, TAC and cell in
 *     hexadecimal, as {@link AreaName} has them; up to 5,000 entries
 * @param speed the cap inside; null: none
 * @param hours full hours of the local day in which the cap holds; null: all day
 * @param entry what follows entering a place without a cap; null: no data passes inside
 */
public record ZoneCap(
        String zoneId,
        String name,
        Set<String> trackingAreas,
        @Nullable Speed speed,
        @JsonInclude(JsonInclude.Include.NON_NULL) Where.@Nullable Hours hours,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Entry entry) {
    private static final Pattern AREA = Pattern.compile("[0-9]{3}-[0-9]{2,3}(-[0-9A-F]{1,6}(-[0-9A-F]{1,9})?)?");
    private static final int MAX_AREAS = 5_000;
    private static final int MAX_LENGTH = 64;

    /** What entering a place means. */
    public enum Entry {
        /** Data waits until the traveller says to go on, at each visit. */
        ASK,
        /** The traveller is told, and nothing is held back. */
        WARN
    }

    /** What a place does to data. */
    public enum Inside {
        /** Slower, all day or in some hours. */
        SLOWS,
        /** No data passes. */
        BLOCKS,
        /** No data passes before the traveller agrees. */
        ASKS,
        /** It is only said. */
        WARNS
    }

    /** A place that is slower all day, or without data. */
    public ZoneCap(String zoneId, String name, Set<String> trackingAreas, @Nullable Speed speed) {
        this(zoneId, name, trackingAreas, speed, null, null);
    }

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
        if (speed != null ? entry != null : hours != null) {
            throw new IllegalArgumentException(
                    "hours belong to a speed, and a place with a speed neither asks nor warns");
        }
        if (hours != null && !(isFull(hours.from()) && isFull(hours.to()))) {
            throw new IllegalArgumentException("a place is slower in full hours");
        }
        for (String area : trackingAreas) {
            if (!AREA.matcher(area).matches()) {
                throw new IllegalArgumentException("an area is MCC-MNC, MCC-MNC-TAC or MCC-MNC-TAC-CELL");
            }
        }
        trackingAreas = AreaName.canonical(trackingAreas);
    }

    /** What it does to data. */
    public Inside effect() {
        if (speed != null) {
            return Inside.SLOWS;
        }
        return entry == null ? Inside.BLOCKS : entry == Entry.ASK ? Inside.ASKS : Inside.WARNS;
    }

    private static boolean isFull(LocalTime time) {
        return time.equals(time.truncatedTo(ChronoUnit.HOURS));
    }
}
