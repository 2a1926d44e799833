package dev.octroi.rsp.euicc;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How an LPA talks to servers.
 *
 * @param endpoint where to connect to instead of the address of the activation code, such as
 *     {@code https://localhost:8443}
 * @param timeout for connecting and for each answer
 * @param notificationAttempts how often to send a notification before leaving it on the card, at least 1
 * @param retryPause between two attempts
 * @param protocolVersion sent as X-Admin-Protocol, such as 2.5.0
 * @param asn1 whether to speak the ASN.1 binding instead of JSON
 */
public record LpaSettings(
        Optional<URI> endpoint,
        Duration timeout,
        int notificationAttempts,
        Duration retryPause,
        String protocolVersion,
        boolean asn1) {

    public LpaSettings {
        requireNonNull(endpoint, "endpoint is null");
        requireNonNull(timeout, "timeout is null");
        requireNonNull(retryPause, "retryPause is null");
        requireNonNull(protocolVersion, "protocolVersion is null");
        if (notificationAttempts < 1) {
            throw new IllegalArgumentException("notificationAttempts < 1");
        }
    }

    /** Connects where the activation code says; three attempts for a notification. */
    public static LpaSettings standard() {
        return new LpaSettings(Optional.empty(), Duration.ofSeconds(20), 3, Duration.ofMillis(500), "2.5.0", false);
    }

    /** The same, connecting elsewhere. */
    public LpaSettings withEndpoint(URI uri) {
        return new LpaSettings(Optional.of(uri), timeout, notificationAttempts, retryPause, protocolVersion, asn1);
    }

    /** The same in the ASN.1 binding. */
    public LpaSettings inAsn1() {
        return new LpaSettings(endpoint, timeout, notificationAttempts, retryPause, protocolVersion, true);
    }
}
