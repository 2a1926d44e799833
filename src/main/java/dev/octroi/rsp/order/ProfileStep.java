package dev.octroi.rsp.order;

import java.util.Locale;
import java.util.OptionalInt;

/** The steps of a profile's timeline. */
public enum ProfileStep {
    /** Ordered by a reseller or an operator. */
    ORDERED(0),
    /** The order got its matching id. */
    CONFIRMED(0),
    /** The order was taken back. */
    REVOKED(0),
    /** May be downloaded from now on. */
    RELEASED(0),
    /** A card asked for the profile: eligibility and retry limit (notification point 1). */
    AUTHENTICATED(1),
    /** A confirmation code was wrong (notification point 2 when it was the last try). */
    CONFIRMATION(2),
    /** The package went to the device (notification point 3). */
    DOWNLOADED(3),
    /** The card reported on the installation (notification point 4). */
    INSTALLED(4),
    /** The device cancelled. */
    CANCELLED(3),
    /** The card reported that the profile is in use. */
    ENABLED(0),
    /** The card reported that the profile is not in use. */
    DISABLED(0),
    /** The card reported that the profile is deleted. */
    DELETED(0),
    /** Brought back after an error. */
    RESET(0);

    private final int notificationPoint;

    ProfileStep(int notificationPoint) {
        this.notificationPoint = notificationPoint;
    }

    /** The notification point of ES2+.HandleDownloadProgressInfo, for steps that have one (SGP.22 §5.3.5). */
    OptionalInt notificationPoint() {
        return notificationPoint == 0 ? OptionalInt.empty() : OptionalInt.of(notificationPoint);
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
