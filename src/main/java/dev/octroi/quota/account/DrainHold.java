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
}
