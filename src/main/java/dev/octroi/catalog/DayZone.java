package dev.octroi.catalog;

/** Whose midnight ends a day. */
public enum DayZone {
    /** The traveller's time zone, as kept on the account. */
    TRAVELLER,
    /** Coordinated universal time. */
    UTC
}
