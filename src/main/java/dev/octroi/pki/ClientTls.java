package dev.octroi.pki;

import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The TLS settings of the gateway's own clients; the host's name is always verified. */
public final class ClientTls {
    private final HttpClientOptions options;
    private final @Nullable ReloadingKey key;

    private ClientTls(HttpClientOptions options, @Nullable ReloadingKey key) {
        this.options = options.setSsl(true)
                .setVerifyHost(true)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"));
        this.key = key;
    }

    /** Towards network elements and operators: shows our certificate, checks theirs as the operator listener does. */
    public static ClientTls partner(ServerTls.Material own, PartnerTrust partners)
            throws IOException, GeneralSecurityException {
        ReloadingKey key = new ReloadingKey(own);
        return new ClientTls(
                new HttpClientOptions()
                        .setKeyCertOptions(KeyCertOptions.wrap(key))
                        .setTrustOptions(TrustOptions.wrap(partners)),
                key);
    }

    /**
     * Towards one server that we are a client of: shows our certificate.
     *
     * @param roots what its certificate has to lead to (PEM); empty: the public authorities
     */
    public static ClientTls server(ServerTls.Material own, Optional<Path> roots)
            throws IOException, GeneralSecurityException {
        ReloadingKey key = new ReloadingKey(own);
        X509TrustManager trust = trust(roots.isEmpty() ? null : store(roots.get()));
        return new ClientTls(
                new HttpClientOptions()
                        .setKeyCertOptions(KeyCertOptions.wrap(key))
                        .setTrustOptions(TrustOptions.wrap(trust)),
                key);
    }

    private static KeyStore store(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        List<X509Certificate> roots = PemFile.certificates(PemFile.read(file));
        for (int i = 0; i < roots.size(); i++) {
            store.setCertificateEntry("root" + i, roots.get(i));
        }
        return store;
    }

    /**
     * Towards webhook receivers: shows nothing, trusts the public authorities.
     *
     * @param alsoTrusted a root (PEM) that is trusted besides them, for receivers in development
     */
    public static ClientTls webhook(Optional<Path> alsoTrusted) throws IOException, GeneralSecurityException {
        X509TrustManager trust = trust(null);
        if (alsoTrusted.isPresent()) {
            trust = new Either(trust, trust(store(alsoTrusted.get())));
        }
        return new ClientTls(new HttpClientOptions().setTrustOptions(TrustOptions.wrap(trust)), null);
    }

    /** A copy of the settings, to be completed by whoever makes the client. */
    public HttpClientOptions options() {
        return new HttpClientOptions(options);
    }

    /** Reads our certificate again; full handshakes from now on show it. Blocking, reads files. */
    public void refresh() throws IOException, GeneralSecurityException {
        if (key != null) {
            key.refresh();
        }
    }

    private static X509TrustManager trust(@Nullable KeyStore roots) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(roots);
        for (TrustManager candidate : factory.getTrustManagers()) {
            if (candidate instanceof X509TrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("no X.509 trust in the JDK");
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
