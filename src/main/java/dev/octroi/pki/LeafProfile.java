package dev.octroi.pki;

import java.time.Duration;

/** What an end-entity certificate may do; {@code certs/profiles.yaml} states the same for people and other tools. */
public enum LeafProfile {
    /** A TLS server: names and addresses of the host, serverAuth. */
    SERVER("server", "1.3.6.1.5.5.7.3.1"),
    /** A TLS client: one URI that names domain and partner, clientAuth. */
    CLIENT("client", "1.3.6.1.5.5.7.3.2");

    /** Life of an end-entity certificate; {@link DevPki} issues anew when a third of it is left. */
    public static final Duration LIFE = Duration.ofDays(30);

    private final String label;
    private final String extendedKeyUsage;

    LeafProfile(String label, String extendedKeyUsage) {
        this.label = label;
        this.extendedKeyUsage = extendedKeyUsage;
    }

    /** The name on the command line. */
    public String label() {
        return label;
    }

    /** The only extended key usage of such a certificate (RFC 5280 §4.2.1.12). */
    public String extendedKeyUsage() {
        return extendedKeyUsage;
    }
}
