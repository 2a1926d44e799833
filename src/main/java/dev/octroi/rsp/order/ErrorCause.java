package dev.octroi.rsp.order;

import java.util.Locale;

/** Why an order ended in {@link ProfileState#ERROR}; a reset brings each of them back. */
public enum ErrorCause {
    /** Too many downloads without an installation. */
    DOWNLOAD_LIMIT,
    /** Too many wrong confirmation codes. */
    CONFIRMATION_LIMIT,
    /** The time of the order ran out. */
    EXPIRED,
    /** The device or the traveller cancelled for good. */
    CANCELLED,
    /** The card could not install the package. */
    INSTALL_FAILED;

    /** The form in the database and in APIs. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ErrorCause of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
