package dev.octroi.api.reseller;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Set;

/** Time zones as callers name them. */
final class TimeZones {
    /** Zones with a summer time whose names are for PostgreSQL abbreviations of their winter. */
    private static final Set<String> ABBREVIATIONS = Set.of("CET", "EET", "MET", "WET");

    private TimeZones() {}

    /** A zone of the IANA database, or UTC. An offset knows no summer, and PostgreSQL reads {@code UTC+2} as two hours west. */
    static ZoneId read(String id) {
        boolean isPlace = ZoneId.getAvailableZoneIds().contains(id) && !ABBREVIATIONS.contains(id);
        if (isPlace || id.equals("UTC")) {
            try {
                return ZoneId.of(id);
            } catch (DateTimeException e) {
                throw unknown();
            }
        }
        throw unknown();
    }

    private static RuntimeException unknown() {
        return Refusals.unprocessable("unknown_time_zone", "There is no such time zone");
    }
}
