package dev.octroi.quota.account;

/** Restrictions that the drain detector places; those that people place are named otherwise. */
public final class DrainHold {
    /** With which all of them begin. */
    public static final String PREFIX = "drain:";

    private DrainHold() {}

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
        return restrictionId.equals(id(incident)) || restrictionId.startsWith(id(incident) + ".");
    }
}
