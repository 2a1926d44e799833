package dev.octroi.rsp.euicc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.cert.X509CertificateHolder;

/** TLS as an LPA does it: only servers whose certificate comes from a CI that the card trusts. */
public final class LpaTrust {
    private LpaTrust() {}

    /**
     * Makes a TLS context that trusts the given CIs and nobody else.
     *
     * @param ciCertificates DER; those on Brainpool are left out, which TLS of the JDK does not know
     */
    public static SSLContext of(List<byte[]> ciCertificates) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (int i = 0; i < ciCertificates.size(); i++) {
                if (!isOnP256(ciCertificates.get(i))) {
                    continue;
                }
                store.setCertificateEntry(
                        "ci" + i, factory.generateCertificate(new ByteArrayInputStream(ciCertificates.get(i))));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("cannot trust these certificates", e);
        }
    }

    /**
     * Makes a TLS context that checks neither certificate nor host name: whoever is on the line can pose as the server.
     * The card still wants the server's signatures. For servers in a laboratory.
     */
    public static SSLContext ofAnybody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no TLS", e);
        }
    }

    /** As an extended trust manager it is also the one that is asked about the host name. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static boolean isOnP256(byte[] certificate) throws IOException {
        try {
            return CardCurve.of(new X509CertificateHolder(certificate).getSubjectPublicKeyInfo(), 0) == CardCurve.P256;
        } catch (CardRefusal unknownCurve) {
            return false;
        }
    }
}
