package dev.octroi.rsp.order;

import java.util.Locale;

/** The steps of a profile's timeline. */
public enum ProfileStep {
    /** Ordered by a reseller or an operator. */
    ORDERED(false),
    /** The order got its matching id. */
    CONFIRMED(false),
    /** The order was taken back. */
    REVOKED(false),
    /** May be downloaded from now on. */
    RELEASED(false),
    /** A card asked for the profile: eligibility and retry limit (notification point 1). */
    AUTHENTICATED(true),
    /** A confirmation code was wrong (notification point 2 when it was the last try). */
    CONFIRMATION(true),
    /** The package went to the device (notification point 3). */
    DOWNLOADED(true),
    /** The card reported on the installation (notification point 4). */
    INSTALLED(true),
    /** The device cancelled. */
    CANCELLED(true),
    /** The card reported that the profile is in use. */
    ENABLED(true),
    /** The card reported that the profile is not in use. */
    DISABLED(true),
    /** The card reported that the profile is deleted. */
    DELETED(true),
    /** Brought back after an error. */
    RESET(false);

    private final boolean forOperators;

    ProfileStep(boolean forOperators) {
        this.forOperators = forOperators;
    }

    /**
     * Whether operators may hear of the step through ES2+.HandleDownloadProgressInfo (SGP.22 v2.5 §5.3.5); which of them
     * do, and under which number, is set for each of them.
     */
    boolean isForOperators() {
        return forOperators;
    }

    /** The form in the database and in APIs. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the form of {@link #text()}. */
    public static ProfileStep of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
