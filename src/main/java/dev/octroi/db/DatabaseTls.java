package dev.octroi.db;

import static java.util.Objects.requireNonNull;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * TLS towards the database, alike for both drivers: the server's certificate has to lead to an authority and to be for the host's
 * name ({@code verify-full}).
 *
 * @param authority its certificates (PEM), read when connections are set up; empty: the authorities that the JDK trusts
 */
public record DatabaseTls(Optional<Path> authority) {
    public DatabaseTls {
        requireNonNull(authority, "authority is null");
    }

    /** What the JDBC address says of it. */
    String jdbcParameters() {
        return "?sslmode=verify-full"
                + authority
                        .map(file -> "&sslrootcert="
                                + URLEncoder.encode(file.toAbsolutePath().toString(), StandardCharsets.UTF_8))
                        .orElse("&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory");
    }

    /** Tells it to the other driver. */
    void applyTo(PgConnectOptions options) {
        TrustOptions trust = authority
                .<TrustOptions>map(file ->
                        new PemTrustOptions().addCertPath(file.toAbsolutePath().toString()))
                .orElseGet(() -> TrustOptions.wrap(publicAuthorities()));
        options.setSslMode(SslMode.VERIFY_FULL)
                .setSslOptions(new ClientSSLOptions()
                        .setHostnameVerificationAlgorithm("HTTPS")
                        .setTrustOptions(trust));
    }

    private static X509TrustManager publicAuthorities() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init((KeyStore) null);
            for (TrustManager candidate : factory.getTrustManagers()) {
                if (candidate instanceof X509TrustManager found) {
                    return found;
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK's authorities cannot be read", e);
        }
        throw new IllegalStateException("every JDK has X.509 trust");
    }
}
