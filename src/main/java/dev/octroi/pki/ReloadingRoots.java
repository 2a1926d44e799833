package dev.octroi.pki;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Trusts what leads to a root in a file, which may be replaced; plain, so that JSSE adds its check of the host's name. */
final class ReloadingRoots implements X509TrustManager {
    private final Path file;
    private volatile Held held;

    private record Held(List<X509Certificate> roots, X509TrustManager trust) {}

    ReloadingRoots(Path file) throws IOException, GeneralSecurityException {
        this.file = file;
        this.held = hold(roots());
    }

    /** Reads the file again; handshakes from now on are judged by it. */
    synchronized void refresh() throws IOException, GeneralSecurityException {
        List<X509Certificate> next = roots();
        if (!next.equals(held.roots())) {
            held = hold(next);
        }
    }

    private List<X509Certificate> roots() throws IOException, GeneralSecurityException {
        List<X509Certificate> roots = PemFile.certificates(PemFile.read(file));
        if (roots.isEmpty()) {
            throw new CertificateException("no root in " + file);
        }
        return roots;
    }

    private static Held hold(List<X509Certificate> roots) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < roots.size(); i++) {
            store.setCertificateEntry("root" + i, roots.get(i));
        }
        return new Held(List.copyOf(roots), trust(store));
    }

    /** The JDK's own check against some roots, or against the public authorities. */
    static X509TrustManager trust(@Nullable KeyStore roots) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(roots);
        for (TrustManager candidate : factory.getTrustManagers()) {
            if (candidate instanceof X509TrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("no X.509 trust in the JDK");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        held.trust().checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no client is trusted here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return held.trust().getAcceptedIssuers();
    }
}
