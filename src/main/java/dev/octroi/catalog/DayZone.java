package dev.octroi.catalog;

import java.time.ZoneId;
import java.time.ZoneOffset;

/** Whose midnight ends a day. */
public enum DayZone {
    /** The traveller's time zone, as kept on the account. */
    TRAVELLER,
    /** Coordinated universal time. */
    UTC;

    /**
     * The zone that is meant.
     *
     * @param traveller the traveller's time zone
     */
    public ZoneId of(ZoneId traveller) {
        return this == UTC ? ZoneOffset.UTC : traveller;
    }
}
