package dev.octroi.quota.account;

/** Restrictions that the drain detector places; those that people place are named otherwise. */
public final class DrainHold {
    /** With which all of them begin. */
    public static final String PREFIX = "drain:";

    /** The one for destinations that are known to be bad, of whichever incident. */
    public static final String DESTINATION = PREFIX + "destination";
    /** The detector counts its incidents from 1; those of destinations are numbered from here on, by the hour in which they began. */
    private static final int DESTINATIONS = 900_000_000;

    private DrainHold() {}

    /**
     * The number of an incident of known-bad destinations.
     *
     * @param hour in which they began to be seen, since 1970 UTC
     */
    public static int destinationIncident(int hour) {
        return DESTINATIONS + hour;
    }

    /** Whether an incident is one of known-bad destinations. */
    public static boolean isOfDestination(int incident) {
        return incident >= DESTINATIONS;
    }

    /** The one of an incident. */
    public static String id(int incident) {
        return PREFIX + incident;
    }

    /** The one of an incident that holds a category back. */
    public static String id(int incident, String category) {
        return id(incident) + "." + category;
    }

    /** Whether a restriction is of an incident. */
    public static boolean isOf(String restrictionId, int incident) {
        if (isOfDestination(incident)) {
            return restrictionId.equals(DESTINATION);
        }
        return restrictionId.equals(id(incident)) || restrictionId.startsWith(id(incident) + ".");
    }
}
