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
 * @param strict whether an answer must have its content type and X-Admin-Protocol, and the TLS certificate the policy
 *     of an SM-DP+; phones in the field ask for less
 */
public record LpaSettings(
        Optional<URI> endpoint,
        Duration timeout,
        int notificationAttempts,
        Duration retryPause,
        String protocolVersion,
        boolean asn1,
        boolean strict) {

    public LpaSettings {
        requireNonNull(endpoint, "endpoint is null");
        requireNonNull(timeout, "timeout is null");
        requireNonNull(retryPause, "retryPause is null");
        requireNonNull(protocolVersion, "protocolVersion is null");
        if (notificationAttempts < 1 || timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("notificationAttempts or timeout below 1");
        }
    }

    /** Connects where the activation code says; three attempts for a notification. */
    public static LpaSettings standard() {
        return new LpaSettings(
                Optional.empty(), Duration.ofSeconds(20), 3, Duration.ofMillis(500), "2.5.0", false, true);
    }

    /** The same, connecting elsewhere. */
    public LpaSettings withEndpoint(URI uri) {
        return new LpaSettings(
                Optional.of(uri), timeout, notificationAttempts, retryPause, protocolVersion, asn1, strict);
    }

    /** The same in the ASN.1 binding. */
    public LpaSettings inAsn1() {
        return new LpaSettings(endpoint, timeout, notificationAttempts, retryPause, protocolVersion, true, strict);
    }

    /** The same for a card of another version of SGP.22. */
    public LpaSettings speaking(String version) {
        return new LpaSettings(endpoint, timeout, notificationAttempts, retryPause, version, asn1, strict);
    }

    /** The same, waiting longer or shorter for each answer. */
    public LpaSettings waiting(Duration other) {
        return new LpaSettings(endpoint, other, notificationAttempts, retryPause, protocolVersion, asn1, strict);
    }

    /** The same, pausing longer or shorter between two attempts for a notification. */
    public LpaSettings pausing(Duration other) {
        return new LpaSettings(endpoint, timeout, notificationAttempts, other, protocolVersion, asn1, strict);
    }

    /** The same, content with what phones in the field are content with. */
    public LpaSettings lenient() {
        return new LpaSettings(endpoint, timeout, notificationAttempts, retryPause, protocolVersion, asn1, false);
    }
}
