package dev.octroi.pki;

import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The TLS settings of the gateway's own clients; the host's name is always verified. */
public final class ClientTls {
    private final HttpClientOptions options;
    private final @Nullable ReloadingKey key;
    private final @Nullable ReloadingRoots roots;

    private ClientTls(HttpClientOptions options, @Nullable ReloadingKey key, @Nullable ReloadingRoots roots) {
        this.options = options.setSsl(true)
                .setVerifyHost(true)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"));
        this.key = key;
        this.roots = roots;
    }

    /** Towards network elements and operators: shows our certificate, checks theirs as the operator listener does. */
    public static ClientTls partner(ServerTls.Material own, PartnerTrust partners)
            throws IOException, GeneralSecurityException {
        ReloadingKey key = new ReloadingKey(own);
        return new ClientTls(
                new HttpClientOptions()
                        .setKeyCertOptions(KeyCertOptions.wrap(key))
                        .setTrustOptions(TrustOptions.wrap(partners)),
                key,
                null);
    }

    /**
     * Towards one server that we are a client of: shows our certificate.
     *
     * @param roots what its certificate has to lead to (PEM); empty: the public authorities
     */
    public static ClientTls server(ServerTls.Material own, Optional<Path> roots)
            throws IOException, GeneralSecurityException {
        ReloadingKey key = new ReloadingKey(own);
        ReloadingRoots named = roots.isEmpty() ? null : new ReloadingRoots(roots.get());
        X509TrustManager trust = named == null ? ReloadingRoots.trust(null) : named;
        return new ClientTls(
                new HttpClientOptions()
                        .setKeyCertOptions(KeyCertOptions.wrap(key))
                        .setTrustOptions(TrustOptions.wrap(trust)),
                key,
                named);
    }

    /**
     * Towards webhook receivers: shows nothing, trusts the public authorities.
     *
     * @param alsoTrusted a root (PEM) that is trusted besides them, for receivers in development
     */
    public static ClientTls webhook(Optional<Path> alsoTrusted) throws IOException, GeneralSecurityException {
        X509TrustManager trust = ReloadingRoots.trust(null);
        if (alsoTrusted.isPresent()) {
            trust = new Either(trust, new ReloadingRoots(alsoTrusted.get()));
        }
        return new ClientTls(new HttpClientOptions().setTrustOptions(TrustOptions.wrap(trust)), null, null);
    }

    /** A copy of the settings, to be completed by whoever makes the client. */
    public HttpClientOptions options() {
        return new HttpClientOptions(options);
    }

    /** When the certificate that is shown ends; empty where none is. */
    public Optional<Instant> ends() {
        return key == null ? Optional.empty() : key.ends();
    }

    /** Reads our certificate and the roots again; full handshakes from now on use them. Blocking, reads files. */
    public void refresh() throws GeneralSecurityException {
        Apart apart = new Apart();
        if (key != null) {
            apart.run(key::refresh);
        }
        if (roots != null) {
            apart.run(roots::refresh);
        }
        apart.end();
    }

    /** Trusts what one of two trusts; plain, so that JSSE adds its check of the host's name. */
    private record Either(X509TrustManager first, X509TrustManager second) implements X509TrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            try {
                first.checkServerTrusted(chain, authType);
            } catch (CertificateException notFirst) {
                second.checkServerTrusted(chain, authType);
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("no client is trusted here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return Stream.concat(Arrays.stream(first.getAcceptedIssuers()), Arrays.stream(second.getAcceptedIssuers()))
                    .toArray(X509Certificate[]::new);
        }
    }
}
